// A fault that finds nothing to do has not happened: the run notes it, and is not judged.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"
#include "simulator/scenario/scenario.h"

namespace replsim::nothing_to_do_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Ended {
  std::vector<std::string> missing;  // faults without which nothing is judged
  std::vector<std::string> notes;
  bool converged = false;
};

Ended RunText(const std::string& text) {
  const auto loaded = LoadScenarioText(text, "faults", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  if (!loaded.ok()) return {};
  const auto recording = RunVirtualInMemory(loaded->variants.front().scenario);
  EXPECT_TRUE(recording.ok()) << recording.status();
  if (!recording.ok()) return {};
  const proto::Manifest& manifest = recording->manifest;
  return {{manifest.missing_faults().begin(), manifest.missing_faults().end()},
          {manifest.notes().begin(), manifest.notes().end()},
          AnalyzeRun(*recording).report.divergence().converged()};
}

Ended RunFaults(const std::string& faults) {
  return RunText(
      absl::StrCat("question: Did it happen?\nduration: 1s\ncluster: {replicas: 2}\n"
                   "replication: {preset: semi-sync}\n"
                   "workload: {clients: 4, arrival: {rate: 100/s}, mix: {write: 1}}\nfaults:\n",
                   faults));
}

void ExpectNotHappened(const std::string& fault, const std::string& why) {
  const Ended run = RunFaults(absl::StrCat("  - {when: {at: 500ms}, do: ", fault, "}\n"));
  EXPECT_THAT(run.missing, ElementsAre(testing::EndsWith(absl::StrCat(" did not happen: ", why))));
  EXPECT_EQ(run.notes, run.missing);
  EXPECT_TRUE(run.converged);
}

TEST(NothingToDo, EachSuchFaultHasNotHappened) {
  ExpectNotHappened("restart, node: r1", "r1 is running");
  ExpectNotHappened("resume, node: r1", "r1 is not paused");
  ExpectNotHappened("heal, from: p, to: r1", "none of these links is partitioned");
  ExpectNotHappened("heal, node: r1", "the disk of r1 has no fault");
  ExpectNotHappened("promote, node: p", "p is already the primary");
}

TEST(NothingToDo, APrimaryThatHasSteppedDownIsNotDemotedAgain) {
  const Ended run = RunText(
      "question: Did it happen?\nduration: 2s\ncluster: {replicas: 2}\nfailover: {preset: raft}\n"
      "workload: {clients: 4, arrival: {rate: 100/s}, mix: {write: 1}}\nfaults:\n"
      "  - {when: {at: 300ms}, do: demote, node: r1}\n"
      "  - {when: {at: 500ms}, do: demote, node: p}\n"
      "  - {when: {at: 600ms}, do: demote, node: p}\n");
  EXPECT_THAT(run.missing,
              ElementsAre("fault 1 (demote r1 at 300ms) did not happen: r1 does not lead",
                          "fault 3 (demote p at 600ms) did not happen: p does not lead"));
  EXPECT_TRUE(run.converged);
}

TEST(NothingToDo, SoHasWhatFindsItsNodeDead) {
  for (const char* action : {"kill", "host-loss", "pause"}) {
    const Ended run =
        RunFaults(absl::StrCat("  - {when: {at: 300ms}, do: kill, node: r1}\n"
                               "  - {when: {at: 500ms}, do: ",
                               action, ", node: r1}\n"));
    EXPECT_THAT(run.missing, ElementsAre(absl::StrCat("fault 2 (", action, " r1 at 500ms) did not ",
                                                      "happen: r1 is not running")));
  }
}

TEST(NothingToDo, APartOfTheLinksIsEnoughToHeal) {
  const Ended run = RunFaults(
      "  - {when: {at: 300ms}, do: partition, from: p, to: r1}\n"
      "  - {when: {at: 500ms}, do: heal, from: p, to: [r1, r2]}\n");
  EXPECT_THAT(run.notes, IsEmpty());
}

TEST(NothingToDo, ARepetitionThatFindsNothingIsNotedAndTheRunIsJudged) {
  const Ended run =
      RunFaults("  - {when: {at: 300ms}, do: kill, node: r1, every: 100ms, times: 3}\n");
  EXPECT_THAT(run.notes, ElementsAre("fault 1 (kill r1 at 300ms every 100ms, 3 times) happened 1 "
                                     "of 3 times: r1 is not running"));
  EXPECT_THAT(run.missing, IsEmpty());
}

TEST(NothingToDo, AnEndThatAnotherFaultHasBroughtIsNothingToSay) {
  const Ended run = RunFaults(
      "  - {when: {at: 300ms}, do: pause, node: r1, for: 300ms}\n"
      "  - {when: {at: 400ms}, do: resume, node: r1}\n");
  EXPECT_THAT(run.notes, IsEmpty());
}

TEST(NothingToDo, ANodeThatIsStartingIsNotStartedAgain) {
  const Ended run = RunFaults(
      "  - {when: {at: 300ms}, do: kill, node: r2}\n"
      "  - {when: {after_previous: 0s}, do: restart, node: r2}\n"
      "  - {when: {at: 320ms}, do: restart, node: r2}\n");
  EXPECT_THAT(run.missing,
              ElementsAre("fault 3 (restart r2 at 320ms) did not happen: r2 is starting"));
  EXPECT_TRUE(run.converged);
}

// A schedule found by exploring: two promotions at once must not prevent convergence.
TEST(NothingToDo, OfTwoPromotionsOfTheBestAtOnceOneHappens) {
  const Ended run = RunText(R"(
question: Two promotions are asked for at the same moment. Does the cluster come to rest?
seed: 5880
duration: 39ms
cluster: {replicas: 4}
replication: {preset: quorum}
network:
  - {from: p, to: [r1, r2, r3, r4], delay: 3036us}
workload:
  clients: 1
  deadline: 2s
  arrival: {rate: 145/s}
  mix: {write: 0.7, read: 0.3}
  keys: {count: 500, distribution: zipf, exponent: 0.99}
faults:
  - {when: {committed: 1}, do: promote, node: best}
  - {when: {committed: 1}, do: promote, node: best}
)");
  EXPECT_THAT(run.missing, ElementsAre("fault 2 (promote best after 1 committed writes) did not "
                                       "happen: r1 is already being promoted"));
  EXPECT_TRUE(run.converged);
}

}  // namespace
}  // namespace replsim::nothing_to_do_test
