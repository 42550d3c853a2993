// The limits that end a run which would not end by itself.
#include "simulator/run/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "simulator/scenario/scenario.h"
#include "tests/unit/manual_scheduler.h"
#include "tests/unit/scripted_cluster.h"

namespace replsim::run_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// A recording whose disk is full after so many operations.
class SmallSink final : public RecordingSink {
 public:
  absl::Status Add(const Operation&) override {
    return ++operations > operations_max ? absl::ResourceExhaustedError("no space left")
                                         : absl::OkStatus();
  }
  absl::Status AddList(const ListedValue&) override { return absl::OkStatus(); }
  absl::Status Flush() override {
    return flush_fails ? absl::ResourceExhaustedError("no space left") : absl::OkStatus();
  }
  absl::Status Add(const proto::RunEvent&) override { return absl::OkStatus(); }
  absl::Status AddFinalState(const std::string&, std::vector<FinalEntry>) override {
    return absl::OkStatus();
  }
  absl::Status Begin(const proto::Manifest&) override { return absl::OkStatus(); }
  absl::Status End(const proto::Manifest& manifest) override {
    complete = manifest.complete();
    return absl::OkStatus();
  }

  size_t operations = 0;
  size_t operations_max = 1'000'000;
  bool flush_fails = false;
  bool complete = false;
};

class RunTest : public testing::Test {
 protected:
  RunTest() {
    const absl::StatusOr<LoadedScenario> loaded = LoadScenarioText(R"(
name: run
duration: 2s
settle: 5s
cluster: {replicas: 2}
replication: {preset: async}
workload: {clients: 1, deadline: 100ms, arrival: {rate: 100/s}, mix: {write: 1}, keys: {count: 5}}
faults:
  - {when: {at: 300ms}, do: kill, node: r1}
)",
                                                                   "run.yaml", {}, {});
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    scenario_ = loaded->variants[0].scenario;
    run_.emplace(scenario_, RunOptions{}, &cluster_, &scheduler_, Rng(1), &sink_);
  }

  absl::Status Begin() {
    run_->Begin([this] { ended_at_ = scheduler_.Now(); });
    const Instant begun = scheduler_.Now();
    while (ended_at_ == Instant() && scheduler_.Now() < begun + Millis(600'000)) {
      scheduler_.RunFor(Millis(10));
      for (ScriptedCluster::Sent& sent : cluster_.sent) {
        if (sent.done) sent.Answer(proto::COMMITTED, {Epoch(1), Lsn(1)});
      }
    }
    EXPECT_NE(ended_at_, Instant()) << "it never ends";
    return run_->Finish();
  }
  Nanos lasted() const { return ended_at_ - FromNanos(1'000'000'000); }

  ManualScheduler scheduler_;
  ScriptedCluster cluster_{&scheduler_};
  SmallSink sink_;
  proto::Scenario scenario_;
  std::optional<replsim::Run> run_;
  Instant ended_at_;
};

TEST_F(RunTest, AFaultThatIsNeverAnsweredEndsItAndIsNamed) {
  cluster_.mute.insert("kill r1");
  const absl::Status status = Begin();
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("the run hangs"), HasSubstr("\"healing\""),
                    HasSubstr("fault 1 (kill r1 at 300ms) is in progress"), HasSubstr("r1 is up")));
  EXPECT_LT(lasted(), Millis(180'000));
  EXPECT_FALSE(sink_.complete);
}

TEST_F(RunTest, AClusterThatNeverStartsEndsIt) {
  cluster_.mute.insert("start p");
  EXPECT_THAT(std::string(Begin().message()), HasSubstr("\"starting\""));
}

TEST_F(RunTest, ARecordingThatCannotBeWrittenEndsItAtOnce) {
  sink_.operations_max = 10;
  EXPECT_EQ(Begin().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_LT(lasted(), Millis(1'000));
}

TEST_F(RunTest, WhatIsGatheredIsWrittenInTime) {
  sink_.flush_fails = true;
  scheduler_.At(scheduler_.Now() + Millis(100), [this] { run_->FlushEvery(Millis(500)); });
  EXPECT_EQ(Begin().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_LT(lasted(), Millis(1'000));
}

}  // namespace
}  // namespace replsim::run_test
