// The outcome matrix (matrix_cases.h), measured in virtual time. An outcome that a mode allows must
// appear for some seed; an outcome that it rules out must not appear. Prints the table of
// docs/modes.md.
//
// REPLSIM_MATRIX_SEEDS sets the number of seeds per case and mode. REPLSIM_MATRIX_SHOW=SEED prints
// the scenarios of that seed instead, for `replsim run FILE --runtime virtual`.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/rng.h"
#include "simulator/command/virtual_run.h"
#include "simulator/scenario/scenario.h"
#include "tests/virtual/matrix_scenario.h"

namespace replsim::matrix_test {
namespace {

uint64_t Setting(const char* name, uint64_t otherwise) {
  uint64_t number = otherwise;
  const char* said = std::getenv(name);
  EXPECT_TRUE(said == nullptr || absl::SimpleAtoi(said, &number)) << name << "=" << said;
  return number;
}
uint64_t Seeds() { return Setting("REPLSIM_MATRIX_SEEDS", 20); }

// Returns the scenario with this seed. Each of its times and rates is multiplied by its own factor
// between 1/2 and 3/2.
Variant Shaken(Variant variant, uint64_t seed) {
  Rng rng = Rng(seed).Fork("matrix");
  const auto shake = [&rng](auto number) {
    return static_cast<decltype(number)>(static_cast<double>(number) * (0.5 + rng.Unit()));
  };
  const auto shake_time = [&shake](proto::Duration* time) { time->set_ns(shake(time->ns())); };
  proto::Scenario& scenario = variant.scenario;
  scenario.set_seed(seed);
  proto::Rate& rate = *scenario.mutable_workload()->mutable_arrival()->mutable_rate();
  rate.set_per_second(shake(rate.per_second()));
  for (proto::Link& link : *scenario.mutable_network())
    shake_time(link.mutable_delay()->mutable_plus());
  for (proto::Fault& fault : *scenario.mutable_faults()) {
    proto::When& when = *fault.mutable_when();
    if (when.has_at()) shake_time(when.mutable_at());
    if (when.has_after_previous()) shake_time(when.mutable_after_previous());
    if (when.has_hit()) when.set_hit(shake(when.hit()));
    if (fault.has_apply_delay()) shake_time(fault.mutable_apply_delay());
    if (fault.has_for_()) shake_time(fault.mutable_for_());
    if (fault.has_period()) shake_time(fault.mutable_period());
  }
  return variant;
}

// Returns the violation of a rule that holds in every run; empty if there is none.
std::string Wrong(const Evidence& run) {
  std::vector<std::string> wrong(run.report.breaches().begin(), run.report.breaches().end());
  // A fault that did not happen counts as a violation, because the case would show nothing.
  wrong.insert(wrong.end(), run.recording.manifest.notes().begin(),
               run.recording.manifest.notes().end());
  if (!run.report.complete()) wrong.emplace_back("the run is not complete");
  if (run.report.writes().holes() > 0) wrong.emplace_back("the final log has holes");
  for (const proto::RunReport::Lag& lag : run.report.lag()) {
    if (lag.entries().min() < 0 || lag.time_us().min() < 0) wrong.emplace_back("a lag below 0");
  }
  return absl::StrJoin(wrong, "; ");
}

// One row of one mode, over all seeds.
struct Cell {
  char letter = '-';
  uint64_t found = 0;
  Variant witness;  // of the letter

  void Add(Seen seen, const Variant& run) {
    if (seen == Seen::kNo) return;
    ++found;
    const char now = seen == Seen::kYes ? 'Y' : 'd';
    if (letter == 'Y' || letter == now) return;
    letter = now;
    witness = run;
  }
};

// Prints what the tests of this process have measured.
class Table : public testing::Environment {
 public:
  void Add(const MatrixCase& one, const std::vector<std::vector<Cell>>& columns) {
    absl::StrAppend(&lines_, one.happens, "\n");
    for (size_t row = 0; row < one.rows.size(); ++row) {
      std::string line =
          absl::StrFormat("  %-8s%-48s", one.rows[row].anomalies, one.rows[row].seen);
      for (const std::vector<Cell>& cells : columns) {
        absl::StrAppend(&line, absl::StrFormat(" %c %-4d", cells[row].letter, cells[row].found));
      }
      absl::StrAppend(&lines_, absl::StripTrailingAsciiWhitespace(line), "\n");
    }
  }

  void TearDown() override {
    std::string heads =
        absl::StrFormat("%-58s", absl::StrCat("in how many of ", Seeds(), " seeds"));
    std::cout << "\n";
    for (size_t i = 0; i < MatrixPresets().size(); ++i) {
      const char letter = static_cast<char>('A' + i);
      std::cout << letter << " " << MatrixPresets()[i] << "\n";
      absl::StrAppend(&heads, absl::StrFormat(" %-6c", letter));
    }
    std::cout << "\n" << absl::StripTrailingAsciiWhitespace(heads) << "\n" << lines_ << "\n";
  }

 private:
  std::string lines_;
};
Table* const table = static_cast<Table*>(testing::AddGlobalTestEnvironment(new Table));

class MatrixTest : public testing::TestWithParam<MatrixCase> {
 protected:
  // One cell per row of the case.
  std::vector<Cell> Measure(const std::string& preset) {
    std::vector<Cell> cells(GetParam().rows.size());
    const Variant variant = LoadCell(GetParam(), preset);
    for (uint64_t seed = 1; seed <= seeds_ && !HasFatalFailure(); ++seed) {
      RunOne(Shaken(variant, seed), cells);
    }
    return cells;
  }

  void RunOne(const Variant& variant, std::vector<Cell>& cells) {
    const auto recording = RunVirtualInMemory(variant.scenario);
    ASSERT_TRUE(recording.ok()) << recording.status() << "\n" << ToYaml(variant);
    const Evidence run(*recording);
    ASSERT_EQ(Wrong(run), "") << "in this run:\n" << ToYaml(variant);
    for (size_t row = 0; row < cells.size(); ++row) {
      cells[row].Add(GetParam().rows[row].observe(run), variant);
    }
  }

  const uint64_t seeds_ = Seeds();
};

TEST_P(MatrixTest, IsAsExpected) {
  if (const uint64_t seed = Setting("REPLSIM_MATRIX_SHOW", 0); seed > 0) {
    for (const std::string& preset : MatrixPresets()) {
      std::cout << ToYaml(Shaken(LoadCell(GetParam(), preset), seed)) << "---\n";
    }
    GTEST_SKIP();
  }
  std::vector<std::vector<Cell>> columns;
  for (const std::string& preset : MatrixPresets()) {
    columns.push_back(Measure(preset));
    if (HasFatalFailure()) return;
    for (size_t row = 0; row < GetParam().rows.size(); ++row) {
      const Cell& cell = columns.back()[row];
      const MatrixRow& expected = GetParam().rows[row];
      ASSERT_EQ(std::strlen(expected.expected), MatrixPresets().size()) << expected.seen;
      EXPECT_EQ(cell.letter, expected.expected[columns.size() - 1])
          << preset << ": " << expected.seen << ", in " << cell.found << " of " << seeds_
          << " seeds" << (cell.found == 0 ? "" : "; this run shows it:\n" + ToYaml(cell.witness));
    }
  }
  table->Add(GetParam(), columns);
}

INSTANTIATE_TEST_SUITE_P(Matrix, MatrixTest, testing::ValuesIn(MatrixCases()),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace replsim::matrix_test
