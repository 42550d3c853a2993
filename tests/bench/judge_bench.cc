// Measures the judges of histories: operations per second, bytes per operation, and whether limits
// of time and memory hold. Prints one row per measurement; tests/bench/run shows them next to the
// others. docs/performance.md has the bounds.
//
// Without arguments, runs every measurement in a process of its own, so that peak memory is that of
// one. With the name of a measurement, runs that one.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/check.h"
#include "common/base/rng.h"
#include "simulator/history/history.h"
#include "simulator/history/read_history.h"
#include "simulator/history/write_history.h"
#include "simulator/judge/judge.h"
#include "tests/bench/measure.h"

namespace replsim {
namespace {

using history::History;
using history::Kind;
using history::Operation;
using judge::Guarantee;
using judge::Holds;

constexpr size_t kMillion = 1'000'000;

double SecondsOf(const std::function<void()>& work) {
  const double begin = ProcessorSeconds();
  work();
  return ProcessorSeconds() - begin;
}

// Reads and writes of registers with unique values, as of one store: operation i takes effect at
// instant i, in the middle of its interval. A share `stale` of the reads returns the value before.
History Registers(size_t count, uint32_t clients, uint32_t keys, double stale) {
  History history;
  history.has_times = true;
  Rng rng(1);
  std::vector<std::pair<history::Value, history::Value>> store(keys);  // before, now
  constexpr int64_t kStep = 100;                                       // ns
  const int64_t half = kStep * clients / 2 - 1;
  history.operations.resize(count);
  for (size_t i = 0; i < count; ++i) {
    Operation& operation = history.operations[i];
    const auto at = static_cast<int64_t>(i + clients) * kStep;
    operation.process = static_cast<uint32_t>(i % clients);
    operation.key = static_cast<uint32_t>(rng.Below(keys));
    operation.begin = at - static_cast<int64_t>(rng.Below(static_cast<uint64_t>(half)));
    operation.end = at + static_cast<int64_t>(rng.Below(static_cast<uint64_t>(half)));
    auto& [before, now] = store[operation.key];
    if (rng.Chance(0.5)) {
      operation.kind = Kind::kWrite;
      operation.value = static_cast<history::Value>(history.values.size());
      history.values.emplace_back();
      before = std::exchange(now, operation.value);
    } else {
      operation.value = rng.Chance(stale) ? before : now;
    }
  }
  std::sort(history.operations.begin(), history.operations.end(),
            [](const Operation& a, const Operation& b) { return a.begin < b.begin; });
  for (uint32_t key = 0; key < keys; ++key) history.keys.push_back(absl::StrCat("k", key));
  for (uint32_t client = 0; client < clients; ++client) {
    history.processes.push_back(absl::StrCat("client ", client + 1));
  }
  return history;
}

// Transactions of one operation each, for the judges of isolation.
History Transactions(size_t count, uint32_t sessions, uint32_t keys) {
  History history = Registers(count, sessions, keys, 0);
  history.model = history::Model::kTransactions;
  for (const Operation& operation : history.operations) {
    history::Transaction transaction;
    transaction.begin = operation.begin;
    transaction.end = operation.end;
    transaction.session = operation.process;
    transaction.first = static_cast<uint32_t>(history.steps.size());
    transaction.count = 1;
    history.transactions.push_back(transaction);
    history.steps.push_back({operation.kind, operation.key, operation.value});
  }
  history.operations.clear();
  return history;
}

// Judges one guarantee; returns the seconds it took.
double Judge(const History& history, Guarantee guarantee, Holds expected) {
  return SecondsOf([&] {
    const auto verdicts = judge::Judge(history, {guarantee}, {});
    REPL_CHECK(verdicts.size() == 1 && verdicts[0].holds == expected, verdicts[0].reason);
  });
}

void BenchLinearizable(size_t millions) {
  const size_t count = millions * kMillion;
  const History history = Registers(count, 8, 1, 0);
  const double before = PeakBytes();
  const double seconds = Judge(history, Guarantee::kLinearizable, Holds::kYes);
  const double bytes = (PeakBytes() - before) / static_cast<double>(count) + sizeof(Operation);
  Row(absl::StrCat("linearizable, ", millions, " M operations, one key, 8 clients"),
      absl::StrFormat("%.1f M/s, %.0f bytes each", static_cast<double>(millions) / seconds, bytes));
}

// A late read makes the history not linearizable, and by how much is computed as well.
void BenchLate() {
  const double decided = Judge(Registers(kMillion, 8, 1, 0), Guarantee::kLinearizable, Holds::kYes);
  const double late = Judge(Registers(kMillion, 8, 1, 0.01), Guarantee::kLinearizable, Holds::kNo);
  Row("not linearizable, by how much: relative to the decision alone",
      absl::StrFormat("%.1f times", late / decided));
}

void BenchBelow(Guarantee guarantee, double stale, Holds expected) {
  const double seconds = Judge(Registers(kMillion, 64, 1000, stale), guarantee, expected);
  Row(absl::StrCat(judge::NameOf(guarantee), ", 1 M operations, 1,000 keys, 64 clients"),
      absl::StrFormat("%.2f s", seconds));
}

void BenchCausal() {
  const History history = Transactions(kMillion, 64, 1000);
  const double seconds = Judge(history, Guarantee::kCausal, Holds::kYes);
  Row("causal, 1 M transactions of one operation, 64 sessions",
      absl::StrFormat("%.2f s, %.0f MB", seconds, PeakBytes() / 1e6));
}

void BenchReading() {
  const absl::StatusOr<std::string> text =
      WriteHistory(Registers(kMillion, 8, 1, 0), history::Format::kJepsen);
  REPL_CHECK(text.ok(), text.status().ToString());
  const double seconds = SecondsOf([&text] {
    const auto read = history::ReadHistory(*text, "bench.edn", {});
    REPL_CHECK(read.ok(), read.status().ToString());
  });
  Row("reading EDN",
      absl::StrFormat("%.0f MB/s", static_cast<double>(text->size()) / 1e6 / seconds));
}

// Compare-and-sets that all overlap: an order of them is an Eulerian path through the values, which
// the search finds only by trying, and here there is none.
History Tangle() {
  constexpr uint32_t kEdges = 60;
  constexpr uint64_t kValues = 6;
  History history;
  history.keys = {"x"};
  for (uint64_t i = 0; i < kValues; ++i) history.values.push_back(absl::StrCat("v", i));
  Rng rng(1);
  for (uint32_t i = 0; i < kEdges; ++i) {
    history.processes.push_back(absl::StrCat("client ", i + 1));
    Operation& operation = history.operations.emplace_back();
    operation.kind = i == 0 ? Kind::kWrite : Kind::kCas;
    operation.process = i;
    operation.begin = i;
    operation.end = kEdges;
    operation.expected = static_cast<history::Value>(1 + rng.Below(kValues));
    operation.value = static_cast<history::Value>(1 + rng.Below(kValues));
  }
  return history;
}

void BenchLimits() {
  constexpr double kSeconds = 1;
  const History history = Tangle();
  const double begin = ProcessorSeconds();
  judge::Budget budget;
  budget.memory_bytes = size_t{4} << 30;
  budget.is_spent = [begin] { return ProcessorSeconds() - begin > kSeconds; };
  const double seconds = SecondsOf([&] {
    const auto verdicts = judge::Judge(history, {Guarantee::kLinearizable}, budget);
    REPL_CHECK(verdicts[0].holds == Holds::kUnknown, verdicts[0].reason);
  });
  Row("a search with a limit of 1 s takes", absl::StrFormat("%.2f s", seconds));
}

void BenchMemory() {
  constexpr size_t kBytes = size_t{256} << 20;
  const History history = Tangle();
  judge::Budget budget;
  budget.memory_bytes = kBytes;
  const double before = PeakBytes();
  const auto verdicts = judge::Judge(history, {Guarantee::kLinearizable}, budget);
  REPL_CHECK(verdicts[0].holds == Holds::kUnknown, verdicts[0].reason);
  Row("a search with a limit of 256 MiB takes",
      absl::StrFormat("%.0f MiB", (PeakBytes() - before) / (1 << 20)));
}

const std::vector<std::pair<std::string, std::function<void()>>>& Measurements() {
  static const auto& all = *new std::vector<std::pair<std::string, std::function<void()>>>{
      {"linearizable-1", [] { BenchLinearizable(1); }},
      {"linearizable-10", [] { BenchLinearizable(10); }},
      {"late", BenchLate},
      {"sequential", [] { BenchBelow(Guarantee::kSequential, 0, Holds::kYes); }},
      {"consistent-prefix", [] { BenchBelow(Guarantee::kConsistentPrefix, 0, Holds::kYes); }},
      {"read-your-writes", [] { BenchBelow(Guarantee::kReadYourWrites, 0.01, Holds::kNo); }},
      {"monotonic-reads", [] { BenchBelow(Guarantee::kMonotonicReads, 0.01, Holds::kNo); }},
      {"monotonic-writes", [] { BenchBelow(Guarantee::kMonotonicWrites, 0, Holds::kYes); }},
      {"writes-follow-reads", [] { BenchBelow(Guarantee::kWritesFollowReads, 0, Holds::kYes); }},
      {"causal", BenchCausal},
      {"reading", BenchReading},
      {"time-limit", BenchLimits},
      {"memory-limit", BenchMemory},
  };
  return all;
}

int RunAll(const char* program) {
  int failed = 0;
  for (const auto& [name, measure] : Measurements()) {
    const pid_t child = fork();
    if (child == 0) {
      execl(program, program, name.c_str(), nullptr);
      std::_Exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    failed += status != 0;
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace replsim

int main(int argc, char** argv) {
  if (argc < 2) return replsim::RunAll("/proc/self/exe");
  for (const auto& [name, measure] : replsim::Measurements()) {
    if (name == argv[1]) return measure(), 0;
  }
  std::fprintf(stderr, "judge_bench: no measurement '%s'\n", argv[1]);
  return 64;
}
