// Failures that exploring found in virtual time also happen to real processes: programs with the
// deliberate bug lose the write, programs without it do not.
#include <gtest/gtest.h>

#include <string>

#include "simulator/analysis/run_report.h"
#include "simulator/explore/judge.h"
#include "simulator/recording/recording.h"
#include "simulator/scenario/scenario.h"
#include "tests/live/live_fixture.h"

namespace replsim {
namespace {

constexpr char kShrunk[] = REPLSIM_MUTANT_SCENARIOS "/shrunk.yaml";

class MutantLiveTest : public LiveTest {
 protected:
  // Returns the verdict of exploring on a run of the shrunk scenario.
  std::string VerdictOf(const std::string& program, const std::string& runtime) const {
    const CommandResult run = RunCommand(
        absl::StrCat(program, " run ", kShrunk, " --quiet --runtime ", runtime, " --out ", runs()));
    EXPECT_LE(run.exit, 1) << run.output;
    const auto scenario = LoadScenario(kShrunk, {}, {});
    const auto recording = ReadRecording(runs() + "/shrunk/latest");
    EXPECT_TRUE(scenario.ok() && recording.ok()) << scenario.status() << recording.status();
    if (!scenario.ok() || !recording.ok()) return "";
    return Judge(scenario->variants[0].scenario,
                 {TrialEnd::How::kReported, AnalyzeRun(*recording).report, ""})
        .kind;
  }
};

TEST_F(MutantLiveTest, WithTheMistakeAnAcknowledgedWriteIsLost) {
  const std::string program =
      "REPLSIM_MUTANT=count-one-replica-twice " REPLSIM_BIN "/mutants/replsim";
  EXPECT_EQ(VerdictOf(program, "virtual"), "lost-write");
  EXPECT_EQ(VerdictOf(program, "live"), "lost-write");
}

TEST_F(MutantLiveTest, WithoutItNoneIs) {
  EXPECT_EQ(VerdictOf(REPLSIM_BIN "/replsim", "virtual"), kAsPromised);
  EXPECT_EQ(VerdictOf(REPLSIM_BIN "/replsim", "live"), kAsPromised);
}

}  // namespace
}  // namespace replsim
