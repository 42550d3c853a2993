// What a report says of the guarantees that readers are promised
// (simulator/analysis/promised.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/promised.h"
#include "simulator/analysis/verdict.h"
#include "simulator/promise/promise.h"
#include "simulator/scenario/scenario.h"
#include "tests/unit/fake_recording.h"

namespace replsim::readers_promise_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

proto::Scenario Load(const std::string& reads) {
  const std::string text =
      absl::StrCat("duration: 5s\nworkload: {clients: 16, arrival: {rate: 500/s}, ", reads, "}\n");
  const absl::StatusOr<LoadedScenario> loaded = LoadScenarioText(text, "base.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status() << "\n" << text;
  return loaded.ok() ? loaded->variants[0].scenario : proto::Scenario();
}

// A report in which these guarantees were violated, and sequential was not judged.
proto::RunReport Violating(const std::vector<std::string>& names) {
  proto::RunReport report;
  report.mutable_writes()->set_acked_survived(10);
  for (const char* name : {"linearizable", "consistent_prefix", "monotonic_reads",
                           "read_your_writes", "monotonic_writes"}) {
    proto::GuaranteeVerdict& verdict =
        *report.mutable_consistency()->mutable_summary()->add_verdicts();
    verdict.set_name(name);
    verdict.set_of("reads");
    verdict.set_checked(9);
    verdict.set_holds(std::find(names.begin(), names.end(), name) == names.end());
    if (verdict.holds()) continue;
    verdict.set_violations(2);
    verdict.set_witness(absl::StrCat("the witness of ", name));
  }
  return report;
}

proto::RunReport Checked(const std::string& reads, const std::vector<std::string>& violated,
                         const Recording& recording) {
  proto::RunReport report = Violating(violated);
  CheckPromise(Load(reads), recording, report);
  return report;
}
proto::RunReport Checked(const std::string& reads, const std::vector<std::string>& violated) {
  return Checked(reads, violated, FakeRecording({"p", "r1", "r2"}).Done());
}

TEST(ReadersPromise, TheReportHasEachGuaranteeWithItsReason) {
  const proto::RunReport report = Checked("read_from: any-replica", {"linearizable"});
  ASSERT_EQ(report.promise().to_readers_size(), 7);
  const proto::PromisedGuarantee& strongest = report.promise().to_readers(0);
  EXPECT_EQ(strongest.name(), "linearizable");
  EXPECT_FALSE(strongest.promised());
  EXPECT_THAT(strongest.because(), HasSubstr("reads from several nodes"));
  EXPECT_EQ(report.promise().to_readers(5).name(), "monotonic_writes");
  EXPECT_TRUE(report.promise().to_readers(5).promised());
  EXPECT_THAT(report.breaches(), IsEmpty());
}

TEST(ReadersPromise, AViolationOfItFailsTheRunByTheSmallestClaimThatIsWrong) {
  proto::Report report;
  *report.add_runs() = Checked("read_from: primary", {"linearizable", "consistent_prefix",
                                                      "monotonic_reads", "read_your_writes"});
  EXPECT_THAT(report.runs(0).breaches(),
              ElementsAre(AllOf(StartsWith(absl::StrCat(kPromiseBroken,
                                                        "monotonic reads: 2 of 9 reads, although "
                                                        "each client reads from one log")),
                                HasSubstr("the witness of monotonic_reads")),
                          HasSubstr("read your writes: 2 of 9 reads, although a write is")));
  EXPECT_EQ(ExitStatus(report), 1);
}

TEST(ReadersPromise, AViolationOfWhatIsNotPromisedIsNone) {
  EXPECT_THAT(Checked("read_from: any-replica",
                      {"linearizable", "consistent_prefix", "monotonic_reads", "read_your_writes"})
                  .breaches(),
              IsEmpty());
  EXPECT_THAT(Checked("read_from: any-replica", {"monotonic_writes"}).breaches(),
              ElementsAre(HasSubstr("monotonic writes")));
}

TEST(ReadersPromise, NothingIsSaidWhereMoreHappenedThanTheScenarioNames) {
  FakeRecording died({"p", "r1", "r2"});
  died.Event(1500, proto::RunEvent::EXITED, "p", "", "signal 9");
  const proto::RunReport report =
      Checked("read_from: primary", {"linearizable", "monotonic_reads"}, died.Done());
  EXPECT_THAT(report.promise().to_readers(), IsEmpty());
  EXPECT_THAT(report.breaches(), IsEmpty());
}

TEST(ReadersPromise, APinnedClientIsPromisedNothingOnceItHasReadFromTwoNodes) {
  const std::string pinned = "read_from: any-replica, session: {node: pinned}";
  FakeRecording stays({"p", "r1", "r2"});
  stays.Read(1, 7, 1100, 1110, "r1", 0, 0);
  stays.Read(2, 7, 1100, 1110, "r2", 0, 0);
  EXPECT_THAT(Checked(pinned, {"monotonic_reads"}, stays.Done()).breaches(),
              ElementsAre(HasSubstr("monotonic reads")));
  stays.Read(2, 7, 1200, 1210, "r1", 0, 0);
  const proto::RunReport moved = Checked(pinned, {"monotonic_reads"}, stays.Done());
  EXPECT_THAT(moved.promise().to_readers(), IsEmpty());
  EXPECT_THAT(moved.breaches(), IsEmpty());
  EXPECT_THAT(moved.notes(), ElementsAre(HasSubstr("client 2 is pinned, but read from two nodes")));
  // With a token the promise does not depend on the node.
  EXPECT_THAT(
      Checked(pinned + ", read_wait: position", {"monotonic_reads"}, stays.Done()).breaches(),
      ElementsAre(HasSubstr("monotonic reads")));
}

}  // namespace
}  // namespace replsim::readers_promise_test
