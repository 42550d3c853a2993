// The notes of a live run about its machine.
#include "simulator/analysis/host_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/analysis/writes/issue_delay.h"
#include "tests/unit/fake_recording.h"

namespace replsim::host_notes_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

FakeRecording Live(double runnable, double timer_late_ms) {
  FakeRecording fake({"p"});
  fake.manifest().set_runtime("live");
  proto::Manifest::Host& host = *fake.manifest().mutable_host();
  host.set_processors(2);
  host.set_load_average(22.3);
  host.set_runnable(runnable);
  host.set_timer_late_p90_ms(timer_late_ms);
  return fake;
}

std::vector<std::string> Notes(const Recording& recording) {
  proto::RunReport report;
  return JudgeHost(recording, report);
}

TEST(HostNotes, ABusyMachineIsNoted) {
  EXPECT_THAT(Notes(Live(19, 1).Done()),
              ElementsAre(HasSubstr("this machine was busy (load 22 on 2 cores")));
  EXPECT_THAT(Notes(Live(2, 45).Done()), ElementsAre(HasSubstr("timers 45 ms late at p90")));
}

TEST(HostNotes, AnIdleMachineAndVirtualTimeAreNot) {
  EXPECT_THAT(Notes(Live(3, 0.2).Done()), IsEmpty());
  FakeRecording fake = Live(19, 45);
  fake.manifest().set_runtime("virtual");
  EXPECT_THAT(Notes(fake.Done()), IsEmpty());
}

// An open loop; the clients are `style`.
Recording Open(FakeRecording& fake, const std::string& style) {
  fake.manifest().set_runtime("live");
  Recording recording = fake.Done();
  recording.scenario_yaml = "workload:\n  style: " + style + "\n  arrival:\n    rate: 100/s\n";
  return recording;
}

TEST(IssueDelay, IsFromTheIntendedStart) {
  FakeRecording fake({"p"});
  fake.Write(1, 7, 1100, 1103, proto::COMMITTED, 1, 1);
  Recording recording = Open(fake, "future");
  recording.operations[0].intended_ns -= 8 * kMs;
  EXPECT_EQ(IssueDelayP99(recording), 8 * kMs);
  EXPECT_THAT(Notes(recording), ElementsAre(HasSubstr("8.0 ms late at p99")));
}

TEST(IssueDelay, OfABlockingClientDoesNotCountItsWaitForTheAnswerBefore) {
  FakeRecording fake({"p"});
  fake.Write(1, 7, 1100, 1150, proto::COMMITTED, 1, 1);
  fake.Write(1, 7, 1151, 1160, proto::COMMITTED, 1, 2);
  Recording recording = Open(fake, "blocking");
  recording.operations[1].intended_ns = recording.operations[0].invoked_ns + kMs;
  EXPECT_EQ(IssueDelayP99(recording), kMs) << "50 ms waited for the answer, 1 ms for the generator";
  recording.scenario_yaml =
      "workload:\n  style: blocking\n  arrival:\n    closed:\n      think: 0s\n";
  EXPECT_EQ(IssueDelayP99(recording), std::nullopt) << "a closed loop intends nothing";
}

}  // namespace
}  // namespace replsim::host_notes_test
