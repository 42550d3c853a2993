// A sample of the outcome matrix (tests/virtual/matrix_cases.h) with real processes: an outcome
// that a mode rules out is not seen, and a certain outcome is seen.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "simulator/recording/recording.h"
#include "simulator/scenario/scenario.h"
#include "tests/live/live_fixture.h"
#include "tests/virtual/matrix_scenario.h"

namespace replsim {
namespace {

struct LiveCell {
  const char* name;    // of the case
  const char* preset;  // of the column
  // The row that must be seen, with its name in the matrix; null if a single run need not show any.
  // A real disk and real sockets are faster than the cases with a machine model.
  const char* certain;
  std::vector<std::string> sets = {};  // make the outcome certain on a slow machine

  friend void PrintTo(const LiveCell& cell, std::ostream* out) {
    *out << cell.name << " " << cell.preset;
  }
};

// After a pause, a live primary (case Resurrected) reads its sockets in any order: in async 2 of 9
// runs showed a loss.
const LiveCell kCells[] = {
    // A promotion may take longer than the 20 ms that the case leaves it.
    {"Failover", "async", "A1", {"network[0].delay=200ms"}},
    {"Failover", "quorum", nullptr},
    {"PowerLost", "postgres:on", nullptr},
    {"AllReplicasDie", "postgres:on", "A10"},
    {"Resurrected", "async", nullptr},
    {"Resurrected", "quorum", nullptr},
    {"SplitBrain", "async", "A15"},
    {"SplitBrain", "quorum", nullptr},
};

// Returns the strongest observation that a letter allows.
Seen MostOf(char letter) {
  switch (letter) {
    case '-':
      return Seen::kNo;
    case 'd':
      return Seen::kDegraded;
    default:
      return Seen::kYes;
  }
}

class MatrixLiveTest : public LiveTest, public testing::WithParamInterface<LiveCell> {
 protected:
  static const MatrixCase& Case() {
    const auto& all = MatrixCases();
    return *std::find_if(all.begin(), all.end(), [](const MatrixCase& one) {
      return std::string(one.name) == GetParam().name;
    });
  }
  static size_t Column() {
    const auto& presets = MatrixPresets();
    return static_cast<size_t>(std::find(presets.begin(), presets.end(), GetParam().preset) -
                               presets.begin());
  }
};

TEST_P(MatrixLiveTest, ShowsWhatItsCellSays) {
  const Variant variant = LoadCell(Case(), GetParam().preset, GetParam().sets);
  const CommandResult run = RunScenarioText(ToYaml(variant));
  ASSERT_EQ(run.exit, 0) << run.output;
  const auto recording =
      ReadRecording(absl::StrCat(runs(), "/", variant.scenario.name(), "/latest"));
  ASSERT_TRUE(recording.ok()) << recording.status();
  const Evidence evidence(*recording);
  for (const MatrixRow& row : Case().rows) {
    const char letter = row.expected[Column()];
    const Seen seen = row.observe(evidence);
    EXPECT_LE(seen, MostOf(letter)) << row.seen;
    if (GetParam().certain == nullptr || std::string(row.anomalies) != GetParam().certain) continue;
    EXPECT_EQ(letter, 'Y') << row.seen;
    EXPECT_EQ(seen, Seen::kYes) << row.seen;
  }
}

INSTANTIATE_TEST_SUITE_P(Matrix, MatrixLiveTest, testing::ValuesIn(kCells), [](const auto& one) {
  return absl::StrReplaceAll(absl::StrCat(one.param.name, "_", one.param.preset), {{":", "_"}});
});

}  // namespace
}  // namespace replsim
