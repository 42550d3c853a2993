#include "simulator/report/report_file.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "absl/strings/str_cat.h"
#include "common/base/version.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/text_report.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/report_runs.h"

namespace replsim {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Folder(const std::string& name) {
  static const ScratchFolder scratch;
  const std::string folder = absl::StrCat(scratch.path(), "/", name);
  std::filesystem::create_directories(folder);
  return folder;
}

TEST(ReportFile, KeepsZeroAndUnknownApart) {
  const std::string folder = Folder("kept");
  const proto::Report report = BuildReport(Variants(2), "Yes.", Expect("unknown", "== 0"));
  EXPECT_THAT(ReportJson(report),
              StartsWith(absl::StrCat("{\n \"schema_version\": 2,\n \"replsim_version\": \"",
                                      Version(), "\",\n \"verdict\": \"HELD\",\n")));
  EXPECT_THAT(ReportJson(report),
              AllOf(HasSubstr("\"acked_lost\": 1"), HasSubstr("\"unknown\": 0"),
                    HasSubstr("\"complete\": true"), Not(HasSubstr("\"catch_up_ms\""))));
  ASSERT_TRUE(SaveReport(folder, report).ok());
  const absl::StatusOr<proto::Report> loaded = LoadReport(folder);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_TRUE(MessageDifferencer::Equals(*loaded, report));
  EXPECT_EQ(TextReport(*loaded), TextReport(report));
  EXPECT_EQ(LoadReport(folder + "/nowhere").status().code(), absl::StatusCode::kNotFound);
}

TEST(ReportFile, WritesWhatIsFalseOrZeroAndKnown) {
  proto::Report report = BuildReport(Variants(1), "", {});
  report.mutable_runs(0)->set_complete(false);
  report.mutable_runs(0)->set_seed(0);
  EXPECT_THAT(ReportJson(report),
              AllOf(HasSubstr("\"complete\": false"), HasSubstr("\"seed\": 0,")));
}

TEST(ReportFile, LeavesOutWhatJsonCannotRepresent) {
  proto::Report report = BuildReport(Variants(1), "", {});
  report.mutable_runs(0)->set_load_seconds(std::numeric_limits<double>::infinity());
  EXPECT_THAT(ReportJson(report), Not(HasSubstr("load_seconds")));
}

// Before report.json had a schema version, 64-bit integers were strings, as protobuf writes them.
TEST(ReportFile, IsReadInItsFormerForm) {
  const std::string folder = Folder("former");
  proto::Report former = BuildReport(Variants(1), "Yes.", {});
  former.mutable_runs(0)->set_seed(std::numeric_limits<uint64_t>::max());
  former.clear_schema_version();
  former.clear_replsim_version();
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(former, &json, options).ok());
  EXPECT_THAT(json, HasSubstr("\"seed\":\"18446744073709551615\""));
  ASSERT_TRUE(WriteFileBytes(ReportPath(folder), json).ok());
  absl::StatusOr<proto::Report> loaded = LoadReport(folder);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_TRUE(MessageDifferencer::Equals(*loaded, former));

  ASSERT_TRUE(SaveReport(folder, former).ok());
  loaded = LoadReport(folder);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_TRUE(MessageDifferencer::Equals(*loaded, former));
  EXPECT_THAT(ReportJson(former), HasSubstr("\"seed\": 18446744073709551615,"));
}

TEST(ReportFile, OfANewerSchemaIsRefused) {
  const std::string folder = Folder("newer");
  ASSERT_TRUE(
      WriteFileBytes(ReportPath(folder), R"({"schema_version": 99, "replsim_version": "9.8.7"})")
          .ok());
  EXPECT_THAT(std::string(LoadReport(folder).status().message()),
              AllOf(HasSubstr("has schema version 99 (replsim 9.8.7)"), HasSubstr("up to 2")));
}

}  // namespace
}  // namespace replsim
