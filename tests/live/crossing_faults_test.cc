// Faults that overlap: one is requested while another is in progress on the same node. Requests
// that die with a process are still answered, so the run ends and the cluster converges, in both
// runtimes.
#include <gmock/gmock.h>

#include "tests/live/live_fixture.h"

namespace replsim::crossing_faults_test {
namespace {

class CrossingFaultsTest : public LiveTest, public testing::WithParamInterface<const char*> {
 protected:
  void Converges(const std::string& faults) {
    const std::string more = absl::StrCat("replication: {preset: async}\nfaults:\n", faults,
                                          "expect:\n  - {converged: '== 1'}\n");
    const CommandResult run =
        RunScenarioText(SmallScenario(more), absl::StrCat("--runtime ", GetParam()));
    // Status 2: a fault that finds nothing to do has not happened, and the output says so.
    EXPECT_THAT(run.exit, testing::AnyOf(0, 2)) << run.output;
    EXPECT_THAT(run.output, testing::ContainsRegex("converged +yes"));
  }
};

TEST_P(CrossingFaultsTest, TwoKillsOfOneNode) {
  Converges(
      "  - {when: {at: 300ms}, do: kill, node: r1}\n"
      "  - {when: {at: 300ms}, do: kill, node: r1}\n"
      "  - {when: {at: 301ms}, do: power-loss, node: r1}\n");
}

TEST_P(CrossingFaultsTest, ARestartWhileTheKillIsUnderWay) {
  Converges(
      "  - {when: {at: 300ms}, do: kill, node: p}\n"
      "  - {when: {at: 300ms}, do: restart, node: p}\n"
      "  - {when: {at: 301ms}, do: kill, node: p}\n"
      "  - {when: {at: 500ms}, do: kill, node: r1}\n"
      "  - {when: {at: 505ms}, do: restart, node: r1}\n");
}

TEST_P(CrossingFaultsTest, APromotionWhileTheOldPrimaryStarts) {
  Converges(
      "  - {when: {at: 300ms}, do: kill, node: p}\n"
      "  - {when: {at: 305ms}, do: restart, node: p}\n"
      "  - {when: {at: 325ms}, do: promote, node: r1}\n");
}

TEST_P(CrossingFaultsTest, APromotionOfANodeThatDies) {
  Converges(
      "  - {when: {at: 300ms}, do: promote, node: r1}\n"
      "  - {when: {at: 300ms}, do: kill, node: r1}\n"
      "  - {when: {at: 400ms}, do: restart, node: r1}\n");
}

TEST_P(CrossingFaultsTest, ANodeThatStandsAtAFailpointIsKilledAndResumed) {
  Converges(
      "  - {when: {point: before-replica.write, hit: 50}, do: pause, node: r1}\n"
      "  - {when: {at: 600ms}, do: kill, node: r1}\n"
      "  - {when: {at: 600ms}, do: resume, node: r1}\n"
      "  - {when: {at: 700ms}, do: restart, node: r1}\n");
}

INSTANTIATE_TEST_SUITE_P(Runtimes, CrossingFaultsTest, testing::Values("virtual", "live"));

}  // namespace
}  // namespace replsim::crossing_faults_test
