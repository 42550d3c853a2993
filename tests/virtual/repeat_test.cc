// `--repeat`, `compare` and what they write, as a user sees them: in virtual time, where the same
// seeds give the same bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "simulator/recording/run_folder.h"
#include "tests/live/live_fixture.h"

namespace replsim::repeat_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class RepeatTest : public LiveTest {
 protected:
  std::string RunQuickstart(const std::string& options, const std::string& out) {
    const CommandResult run =
        Replsim(absl::StrCat("run " REPLSIM_SCENARIOS "/quickstart.yaml --runtime virtual --quiet",
                             " --set duration=1s --out ", folder(), "/", out, " ", options));
    EXPECT_EQ(run.exit, 0) << run.output;
    printed_ = run.output;
    return absl::StrCat(folder(), "/", out, "/quickstart/latest");
  }
  std::string printed_;
};

TEST_F(RepeatTest, SixRoundsGiveMediansAndTheSameReportAgain) {
  const std::string run =
      RunQuickstart("--repeat 6 --vary replication.preset=async,semi-sync,sync", "repeated");
  EXPECT_THAT(printed_, AllOf(HasSubstr("virtual · seeds 42 to 47 · 3 × 6 × 1 s"),
                              HasSubstr("medians of 6 runs [their 95 % interval]"),
                              HasSubstr("acknowledged, then lost == 0 (6 of 6; 0)")));
  const absl::StatusOr<std::vector<std::string>> recordings = ListRecordings(run);
  ASSERT_TRUE(recordings.ok()) << recordings.status();
  ASSERT_EQ(recordings->size(), 18u);
  std::set<std::string> what;
  for (size_t i = 0; i < recordings->size(); ++i) {
    const absl::StatusOr<proto::Manifest> manifest = ReadManifest((*recordings)[i]);
    ASSERT_TRUE(manifest.ok()) << manifest.status();
    EXPECT_EQ(manifest->repeat(), i / 3 + 1) << "round by round";
    EXPECT_EQ(manifest->seed(), 41 + manifest->repeat());
    what.insert(absl::StrCat(manifest->variant(), manifest->repeat()));
  }
  EXPECT_EQ(what.size(), 18u);

  const std::string report = ReadFile(ReportPath(run));
  const std::string csv = ReadFile(LagCsvPath(run));
  EXPECT_THAT(csv, testing::StartsWith("t_ms,variant,repeat,replica,"));
  const CommandResult again = Replsim("report " + run);
  EXPECT_EQ(again.exit, 0) << again.output;
  EXPECT_EQ(ReadFile(ReportPath(run)), report);
  EXPECT_EQ(ReadFile(LagCsvPath(run)), csv);
  for (const absl::string_view line : absl::StrSplit(again.output, "\n\n")) {
    if (!absl::StrContains(line, "medians of")) continue;
    for (const absl::string_view row : absl::StrSplit(line, '\n')) {
      EXPECT_LE(std::count_if(row.begin(), row.end(), [](char c) { return (c & 0xc0) != 0x80; }),
                100)
          << row;
    }
  }

  const CommandResult compared = Replsim("compare " + run);
  EXPECT_EQ(compared.exit, 0) << compared.output;
  EXPECT_THAT(compared.output, AllOf(HasSubstr("replication.ack_after"),
                                     HasSubstr("6 runs each, compared with async")));
  EXPECT_THAT(compared.output, testing::ContainsRegex("write latency p50 .* worse"));
  EXPECT_THAT(Replsim("compare " + run + " --base sync").output,
              testing::ContainsRegex("write latency p50 .* better"));

  const CommandResult life = Replsim("explain " + run + " 5 --variant async --repeat 3");
  EXPECT_EQ(life.exit, 0) << life.output;
  EXPECT_NE(Replsim("explain " + run + " 5 --variant async").output, life.output);
  const CommandResult beyond = Replsim("explain " + run + " 5 --variant async --repeat 7");
  EXPECT_EQ(beyond.exit, 64);
  EXPECT_THAT(beyond.output, HasSubstr("has no repeat 7 of async; expected 1 to 6"));
}

TEST_F(RepeatTest, ARunOfOneIsAsItWas) {
  const std::string run = RunQuickstart("--repeat 1 --vary replication.preset=async", "once");
  EXPECT_THAT(ReadFile(ReportPath(run)), Not(HasSubstr("\"repeat\"")));
  EXPECT_THAT(ReadFile(LagCsvPath(run)), testing::StartsWith("t_ms,variant,replica,"));
  const CommandResult compared = Replsim("compare " + run);
  EXPECT_EQ(compared.exit, 64);
  EXPECT_THAT(compared.output, HasSubstr("has one variant"));
  EXPECT_THAT(Replsim("explain " + run + " 5 --repeat 2").output, HasSubstr("was not repeated"));
}

TEST_F(RepeatTest, ThresholdsAreAnExitStatus) {
  const std::string base = RunQuickstart("--vary replication.preset=async", "base");
  const std::string slower = RunQuickstart(
      "--vary replication.preset=async --set network[0].delay=50ms --seed 42", "slower");
  const auto compare = [&](const std::string& options) {
    return Replsim(absl::StrCat("compare ", options, " ", base, " ", slower));
  };
  EXPECT_EQ(compare("--threshold 'acked_lost <= +0' --threshold 'write_p50_ms <= +10%'").exit, 0);
  const CommandResult exceeded = compare("--threshold 'lag.apply.time.p99 <= +10%'");
  EXPECT_EQ(exceeded.exit, 1) << exceeded.output;
  EXPECT_THAT(exceeded.output, HasSubstr("NOT HELD  async: lag.apply.time.p99 <= +10% (base "));
  EXPECT_EQ(compare("--threshold 'rto_ms <= +10%'").exit, 2);
  EXPECT_EQ(compare("--threshold 'rto_ms <= +10%' --threshold 'lag.apply.time.p99 < +1%'").exit, 1);
  const CommandResult mistaken = compare("--threshold 'lag.aply.time.p99 <= +10%'");
  EXPECT_EQ(mistaken.exit, 64);
  EXPECT_THAT(mistaken.output, HasSubstr("--threshold\n  lag.aply.time.p99 <= +10%\n  ^ unknown"));
  EXPECT_EQ(Replsim("compare --threshold 'acked_lost <= +0' " + base).exit, 64);
  EXPECT_EQ(compare("--junit " + folder() + "/x.xml").exit, 64) << "needs --threshold";
}

// By Python's parser, where there is one: not ours. A scenario cannot call a variant so; a
// recording from elsewhere can.
TEST_F(RepeatTest, JUnitFilesAreReadByOthersWhateverTheNames) {
  const std::string scenario = SmallScenario("expect: [{acked_lost: '== 0', committed: '== 0'}]\n");
  const std::string xml = folder() + "/junit.xml";
  EXPECT_EQ(RunScenarioText(scenario, "--runtime virtual --junit " + xml).exit, 1);
  EXPECT_THAT(ReadFile(xml), HasSubstr("tests=\"3\" failures=\"1\""));

  const std::string run = runs() + "/small/latest";
  const std::string key = "\"variant\": \"";
  std::string manifest = ReadFile(ManifestPath(run));
  const size_t name = manifest.find(key) + key.size();
  manifest.replace(name, manifest.find('"', name) - name, R"(</script>]]>\"&')");
  std::ofstream(ManifestPath(run)) << manifest;
  EXPECT_EQ(Replsim("report " + run + " --junit " + xml).exit, 1);
  EXPECT_THAT(ReadFile(xml), HasSubstr("classname=\"small.&lt;/script&gt;]]&gt;&quot;&amp;'\""));

  if (RunCommand("python3 -c 'import xml.etree.ElementTree'").exit != 0) {
    GTEST_SKIP() << "there is no Python to read it";
  }
  const std::string script = WriteFile("read.py", R"(import sys, xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot()
for case in suites.iter('testcase'):
    print(suites.tag, suites.get('tests'), suites.get('failures'), case.get('classname'),
          [child.tag for child in case], float(case.get('time')))
)");
  const CommandResult parsed = RunCommand("python3 " + script + " " + xml);
  EXPECT_EQ(parsed.exit, 0) << parsed.output;
  EXPECT_THAT(parsed.output, AllOf(HasSubstr("testsuites 3 1 small.</script>]]>\"&' [] 0.0"),
                                   HasSubstr("testsuites 3 1 small.</script>]]>\"&' ['failure']")));
}

}  // namespace
}  // namespace replsim::repeat_test
