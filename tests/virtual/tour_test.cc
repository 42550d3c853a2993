// The tour: every claim of its lessons holds, and the page in docs/ has today's numbers.
#include <gtest/gtest.h>

#include <string>

#include "simulator/command/tour_command.h"
#include "simulator/recording/file_bytes.h"

namespace replsim::tour_test {
namespace {

TEST(Tour, ItsClaimsHoldAndItsPageQuotesTheNumbersOfItsRuns) {
  const std::string made = testing::TempDir() + "/tour.md";
  TourOptions options;
  options.folder = REPLSIM_SCENARIOS;
  options.markdown = made;
  ASSERT_EQ(Tour(options), 0);
  const auto page = ReadFileBytes(made);
  const auto documented = ReadFileBytes(REPLSIM_DOCS "/tour.md");
  ASSERT_TRUE(page.ok() && documented.ok());
  EXPECT_EQ(*page, *documented)
      << "replsim tour --markdown docs/tour.md writes the page with the numbers of today";
}

}  // namespace
}  // namespace replsim::tour_test
