// `replsim calibrate` from a user's view: fits a machine to a live run, then uses it for a virtual
// run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/live/live_fixture.h"

namespace replsim::calibrate_live_test {
namespace {

using testing::HasSubstr;
using testing::Not;

class CalibrateLiveTest : public LiveTest {
 protected:
  std::string latest() const { return runs() + "/small/latest"; }
  std::string machine() const { return folder() + "/machine.yaml"; }
};

TEST_F(CalibrateLiveTest, ALiveRunGivesAMachineThatAVirtualRunTakes) {
  const std::string scenario = SmallScenario("replication: {preset: sync}\n");
  ASSERT_EQ(RunScenarioText(scenario).exit, 0);
  const CommandResult fitted = Replsim("calibrate " + latest() + " --out " + machine());
  ASSERT_EQ(fitted.exit, 0) << fitted.output;
  EXPECT_THAT(fitted.output, HasSubstr("hops.records"));
  EXPECT_THAT(ReadFile(machine()), HasSubstr("machine:\n  hop:\n    quantiles:\n      - {at: 0,"));

  const CommandResult run = RunScenarioText(scenario, "--runtime virtual --machine " + machine() +
                                                          " --set machine.work=7us --set seed=5");
  ASSERT_EQ(run.exit, 0) << run.output;
  EXPECT_THAT(run.output, HasSubstr("--machine " + machine())) << "as it is repeated";
  const std::string resolved = ReadFile(latest() + "/scenario.yaml");
  EXPECT_THAT(resolved, HasSubstr("quantiles:"));
  EXPECT_THAT(resolved, HasSubstr("work: 7us")) << "a --set overrides the file";
}

TEST_F(CalibrateLiveTest, WhatCannotBeFittedIsStatus64WithWhatToDo) {
  ASSERT_EQ(RunScenarioText(SmallScenario(""), "--runtime virtual").exit, 0);
  const CommandResult simulated = Replsim("calibrate " + latest());
  EXPECT_EQ(simulated.exit, 64);
  EXPECT_THAT(simulated.output, HasSubstr("manifest.json: this run has the runtime virtual"));

  ASSERT_EQ(RunScenarioText(SmallScenario(""), "--set cluster.record=false").exit, 0);
  const CommandResult untraced = Replsim("calibrate " + latest());
  EXPECT_EQ(untraced.exit, 64);
  EXPECT_THAT(untraced.output, HasSubstr("node p has no stage trace; run the scenario again with"));

  EXPECT_EQ(Replsim("calibrate /no/such/run").exit, 64);
}

TEST_F(CalibrateLiveTest, AMachineFileIsCheckedAtItsOwnLines) {
  const std::string scenario = WriteFile("scenario.yaml", SmallScenario(""));
  const auto run = [&](const std::string& text, const std::string& runtime) {
    WriteFile("machine.yaml", text);
    return Replsim("run " + scenario + " -q --out " + runs() + " --runtime " + runtime +
                   " --machine " + machine());
  };
  const CommandResult word = run("machine:\n  hop: 150us\n  flsuh: 1ms\n", "virtual");
  EXPECT_EQ(word.exit, 64);
  EXPECT_THAT(word.output, HasSubstr(machine() + ":3:3: unknown key 'flsuh' in machine"));
  const CommandResult block = run("workload: {clients: 3}\n", "virtual");
  EXPECT_EQ(block.exit, 64);
  EXPECT_THAT(block.output, HasSubstr("expected one block, machine:"));
  const CommandResult live = run("machine: {hop: 150us}\n", "live");
  EXPECT_EQ(live.exit, 64);
  EXPECT_THAT(live.output, HasSubstr("expected --runtime virtual"));
}

}  // namespace
}  // namespace replsim::calibrate_live_test
