#include "simulator/schema/json_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/file/input_file.h"

namespace replsim::json_schema_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(JsonSchema, OfScenariosIsTheCommittedFile) {
  const absl::StatusOr<std::string> committed =
      ReadInputFile(REPLSIM_SCENARIOS "/scenario.schema.json", 10 << 20);
  ASSERT_TRUE(committed.ok()) << committed.status();
  EXPECT_EQ(*JsonSchemaText(""), *committed)
      << "run: replsim schema --json > scenarios/scenario.schema.json";
  EXPECT_EQ(*JsonSchemaText("scenario"), *committed);
}

TEST(JsonSchema, DescribesWhatItNames) {
  EXPECT_THAT(*JsonSchemaText("report"),
              AllOf(HasSubstr("\"RunReport.Writes\""), HasSubstr("\"Manifest.Host\""),
                    HasSubstr("Version of this format."),
                    HasSubstr("\"description\": \"number of faults in the scenario\"")));
  EXPECT_THAT(*JsonSchemaText("scenario"),
              AllOf(HasSubstr("One-way delay: a duration"), HasSubstr("\"after_previous\"")));
}

TEST(JsonSchema, OfAnythingElseIsRefused) {
  EXPECT_THAT(std::string(JsonSchemaText("network").status().message()),
              HasSubstr("of 'network'; expected scenario or report"));
}

}  // namespace
}  // namespace replsim::json_schema_test
