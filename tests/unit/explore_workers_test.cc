// Trials in separate processes: results arrive in order, and a process that dies affects only its
// own trial.
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "common/base/check.h"
#include "simulator/explore/frame.h"
#include "simulator/explore/workers.h"
#include "tests/unit/explore_fixture.h"

namespace replsim::explore_workers_test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using How = TrialEnd::How;

constexpr Nanos kPatience = Millis(60'000);

proto::Scenario Seeded(uint64_t seed) {
  proto::Scenario scenario;
  scenario.set_seed(seed);
  return scenario;
}

std::vector<TrialEnd> RunSeeds(Workers& workers, uint64_t count) {
  std::vector<TrialEnd> ends;
  workers.Run(count, Seeded, [&](uint64_t i, TrialEnd end) {
    EXPECT_EQ(i, ends.size()) << "out of order";
    ends.push_back(std::move(end));
  });
  return ends;
}

// Every trial succeeds.
absl::StatusOr<proto::RunReport> Succeeds(const proto::Scenario&) { return proto::RunReport(); }

TEST(Workers, WhoeverStopsThemGetsWhatHasBegun) {
  Workers workers(Succeeds, 2, kPatience);
  uint64_t begun = 0;
  uint64_t taken = 0;
  const auto begin = [&](uint64_t seed) {
    ++begun;
    return Seeded(seed);
  };
  workers.Run(
      1000, begin, [&](uint64_t, TrialEnd) { ++taken; }, [&] { return begun >= 3; });
  EXPECT_EQ(taken, begun);
  EXPECT_LE(begun, 4u) << "two begin in one round";
  EXPECT_EQ(RunSeeds(workers, 5).size(), 5u) << "they can be used again";
}

absl::StatusOr<proto::RunReport> FailsNowAndThen(const proto::Scenario& scenario) {
  const uint64_t seed = scenario.seed();
  if (seed % 10 == 3) std::fprintf(stderr, "something else\n");
  REPL_CHECK(seed % 10 != 3, "seed ", seed);
  if (seed % 10 == 5) return absl::InternalError("no room");
  proto::RunReport report = GoodReport(scenario);
  // More than a socket holds at once.
  if (seed % 10 == 7) report.add_notes(std::string(1 << 20, 'x'));
  return report;
}

class WorkersOf : public testing::TestWithParam<int> {};

TEST_P(WorkersOf, EndsComeInOrderWhateverBecameOfTheProcesses) {
  Workers workers(FailsNowAndThen, GetParam(), kPatience);
  const std::vector<TrialEnd> ends = RunSeeds(workers, 40);
  ASSERT_EQ(ends.size(), 40u);
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const TrialEnd& end = ends[seed];
    if (seed % 10 == 3) {
      EXPECT_EQ(end.how, How::kDied);
      EXPECT_THAT(end.words, HasSubstr("check failed: seed % 10 != 3"));
      EXPECT_THAT(end.words, EndsWith(absl::StrCat("seed ", seed)));
    } else if (seed % 10 == 5) {
      EXPECT_EQ(end.how, How::kFailed);
      EXPECT_EQ(end.words, "no room");
    } else {
      EXPECT_EQ(end.how, How::kReported);
      EXPECT_EQ(end.report.seed(), seed);
      EXPECT_EQ(end.report.notes_size(), seed % 10 == 7 ? 1 : 0);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Jobs, WorkersOf, testing::Values(1, 3));

TEST(Workers, ATrialThatTakesTooLongIsStuckAndTheNextOneRuns) {
  const RunTrial hangs = [](const proto::Scenario& scenario) {
    for (volatile bool forever = scenario.seed() == 1; forever;) {
    }
    return absl::StatusOr<proto::RunReport>(GoodReport(scenario));
  };
  Workers workers(hangs, 2, Millis(300));
  const std::vector<TrialEnd> ends = RunSeeds(workers, 3);
  EXPECT_EQ(ends[0].how, How::kReported);
  EXPECT_EQ(ends[1].how, How::kStuck);
  EXPECT_EQ(ends[2].how, How::kReported);
}

TEST(Workers, ATrialThatWaitsForEverIsStuckThoughItUsesNoProcessor) {
  const RunTrial waits = [](const proto::Scenario& scenario) {
    while (scenario.seed() == 1) pause();
    return absl::StatusOr<proto::RunReport>(GoodReport(scenario));
  };
  Workers workers(waits, 1, Millis(20));
  const std::vector<TrialEnd> ends = RunSeeds(workers, 2);
  EXPECT_EQ(ends[0].how, How::kReported);
  EXPECT_EQ(ends[1].how, How::kStuck);
}

TEST(Workers, ADeathWithoutWordsIsToldByItsSignal) {
  const RunTrial dies = [](const proto::Scenario&) -> absl::StatusOr<proto::RunReport> {
    raise(SIGKILL);
    std::abort();
  };
  Workers workers(dies, 1, kPatience);
  const TrialEnd end = workers.RunOne(Seeded(1));
  EXPECT_EQ(end.how, How::kDied);
  EXPECT_EQ(end.words, "killed by Killed");
}

TEST(Frame, OneIsTakenOnlyWhenAllOfItIsThere) {
  std::string received("\x03\0\0\0ab", 6);
  EXPECT_FALSE(TakeFrame(&received).has_value());
  received += "c\x01";
  EXPECT_EQ(TakeFrame(&received), "abc");
  EXPECT_EQ(received, "\x01");
}

}  // namespace
}  // namespace replsim::explore_workers_test
