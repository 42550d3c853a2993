// A promotion waits for the candidates' statuses, and for nothing else.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/command/virtual_run.h"
#include "simulator/scenario/scenario.h"

namespace replsim::promotion_test {
namespace {

// `hung` flushes in its loop and hangs there for `stall`; r1 and r2 are the candidates.
Recording Promote(const std::string& hung, const std::string& stall) {
  const auto loaded = LoadScenarioText(
      absl::StrCat(
          "name: hang\nquestion: q\nduration: 4s\n"
          "cluster: {replicas: 2, durability: {io: blocking}}\n"
          "replication: {ack_after: flush}\n"
          "workload: {clients: 4, deadline: 500ms, arrival: {rate: 200/s}, mix: {write: 1}}\n"
          "faults:\n  - {when: {at: 1s}, do: slow-disk, node: ",
          hung, ", stall: ", stall,
          "}\n  - {when: {after_previous: 200ms}, do: promote, node: best}\n"),
      "hang.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  const auto recording = RunVirtualInMemory(loaded->variants[0].scenario);
  EXPECT_TRUE(recording.ok()) << recording.status();
  return *recording;
}

// The promotion's event of that kind; an empty one where there is none.
proto::RunEvent Find(const Recording& recording, proto::RunEvent::Kind kind) {
  for (const proto::RunEvent& event : recording.events) {
    if (event.kind() == kind) return event;
  }
  return {};
}

double PromotionMs(const Recording& recording) {
  return static_cast<double>(Find(recording, proto::RunEvent::PROMOTED).time_ns() -
                             Find(recording, proto::RunEvent::PROMOTE_BEGIN).time_ns()) /
         1e6;
}

TEST(Promotion, DoesNotWaitForThePrimaryThatItReplaces) {
  EXPECT_LT(PromotionMs(Promote("p", "2500ms")), 10);
}

TEST(Promotion, WaitsForACandidateThatHangsForASecondAndThenTakesAnother) {
  const Recording recording = Promote("r1", "2500ms");
  EXPECT_GE(PromotionMs(recording), 1000);
  EXPECT_LT(PromotionMs(recording), 1010);
  EXPECT_EQ(Find(recording, proto::RunEvent::PROMOTED).node(), "r2");
}

TEST(Promotion, GoesOnAsSoonAsTheLastCandidateHasAnswered) {
  const double ms = PromotionMs(Promote("r1", "600ms"));
  EXPECT_GT(ms, 300);
  EXPECT_LT(ms, 450);
}

}  // namespace
}  // namespace replsim::promotion_test
