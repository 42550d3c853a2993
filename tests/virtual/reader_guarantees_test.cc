// The guarantees that readers have, measured in virtual time: the second table of docs/modes.md,
// "Which guarantees readers are promised". A promised guarantee must hold in every run.
//
// A replica is near and one is far, so that different nodes show different states. Before
// the primary dies, its replicas receive nothing for a time. Prints the table if it differs from
// the page.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/file/input_file.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"
#include "simulator/promise/guarantee_promise.h"
#include "simulator/scenario/scenario.h"

namespace replsim::reader_guarantees_test {
namespace {

constexpr uint64_t kSeeds = 6;
constexpr const char* kPresets[] = {
    "async",       "postgres:off", "mysql:after_commit",    "mysql:after_sync",
    "postgres:on", "redis:wait1",  "postgres:remote_apply", "sync",
    "quorum",      "kafka:acks1"};
constexpr const char* kReads[] = {"read_from: primary", "read_from: any-replica",
                                  "read_from: any-replica, session: {node: pinned}",
                                  "read_from: any-replica, read_wait: own-writes",
                                  "read_from: any-replica, read_wait: position"};
// An entry of a cell: without faults / p restarts / failover.
constexpr size_t kFaultLists = 3;

// For 150 ms before p dies, its replicas receive nothing.
std::string FaultText(size_t list, uint64_t seed) {
  if (list == 0) return "";
  const std::string at = absl::StrCat(700 + 37 * seed, "ms");
  const char* const then = list == 1 ? "do: restart, node: p" : "do: promote, node: best";
  return absl::StrCat("faults:\n  - {when: {at: ", at,
                      "}, do: partition, from: p, to: [r1, r2], for: 400ms}\n"
                      "  - {when: {after_previous: 150ms}, do: kill, node: p}\n"
                      "  - {when: {after_previous: 50ms}, ",
                      then, "}\n");
}

Variant Load(const std::string& preset, const std::string& reads, size_t faults, uint64_t seed) {
  const std::string text = absl::StrCat(
      "seed: ", seed,
      "\nduration: 1500ms\ncluster: {replicas: 2}\n"
      "network:\n  - {from: p, to: r1, delay: 1ms}\n  - {from: p, to: r2, delay: 25ms}\n"
      "replication: {preset: \"",
      preset,
      "\"}\nworkload: {clients: 12, deadline: 1s, arrival: {rate: 1200/s}, "
      "mix: {write: 0.3, read: 0.7}, read_own_writes: 0.3, keys: {count: 40}, ",
      reads, "}\n", FaultText(faults, seed));
  const absl::StatusOr<LoadedScenario> loaded = LoadScenarioText(text, "reads.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status() << "\n" << text;
  return loaded.ok() ? loaded->variants[0] : Variant();
}

std::string WordsFor(const std::set<std::string>& violated) {
  static const auto& words =
      *new std::map<std::string, std::string>{{"linearizable", "lin"},
                                              {"sequential", "seq"},
                                              {"consistent_prefix", "prefix"},
                                              {"monotonic_reads", "mr"},
                                              {"read_your_writes", "ryw"}};
  std::vector<std::string> held;
  for (const Guarantee& guarantee : GuaranteesByStrength()) {
    if (!violated.contains(guarantee.name)) held.emplace_back(guarantee.name);
  }
  std::vector<std::string> shown;
  for (const std::string& name : StrongestOf(held)) {
    if (words.contains(name)) shown.push_back(words.at(name));
  }
  return shown.empty() ? "-" : absl::StrJoin(shown, "+");
}

// The strongest guarantees that held in all seeds.
std::string Measure(const std::string& preset, const char* reads, size_t faults) {
  std::set<std::string> violated;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Variant variant = Load(preset, reads, faults, seed);
    const auto recording = RunVirtualInMemory(variant.scenario);
    EXPECT_TRUE(recording.ok()) << recording.status();
    if (!recording.ok()) return "?";
    const proto::RunReport report = AnalyzeRun(*recording, variant.scenario).report;
    EXPECT_TRUE(report.breaches().empty()) << report.breaches(0) << "\n" << ToYaml(variant);
    const std::vector<GuaranteePromise> promises = GuaranteesOf(variant.scenario);
    EXPECT_EQ(report.consistency().summary().verdicts_size(), static_cast<int>(promises.size()));
    for (const proto::GuaranteeVerdict& verdict : report.consistency().summary().verdicts()) {
      if (verdict.holds()) continue;
      violated.insert(verdict.name());
      const GuaranteePromise* const promise = FindGuarantee(promises, verdict.name());
      EXPECT_FALSE(promise->promised) << verdict.name() << " is promised, because "
                                      << promise->because << ": " << verdict.witness() << "\n"
                                      << ToYaml(variant);
    }
  }
  return WordsFor(violated);
}

std::string MeasuredRow(const std::string& preset) {
  std::vector<std::string> cells;
  for (const char* reads : kReads) {
    std::vector<std::string> words;
    for (size_t faults = 0; faults < kFaultLists; ++faults) {
      words.push_back(Measure(preset, reads, faults));
    }
    cells.push_back(absl::StrJoin(words, " / "));
  }
  return absl::StrCat("| `", preset, "` | ", absl::StrJoin(cells, " | "), " |");
}

TEST(ReaderGuarantees, AreThoseOfTheDocsAndKeepThePromise) {
  const auto page = ReadInputFile(REPLSIM_DOCS "/modes.md", uint64_t{1} << 20);
  ASSERT_TRUE(page.ok()) << page.status();
  const std::set<std::string> lines = absl::StrSplit(*page, '\n');
  std::string table;
  for (const char* preset : kPresets) {
    const std::string row = MeasuredRow(preset);
    EXPECT_TRUE(lines.contains(row)) << row;
    absl::StrAppend(&table, row, "\n");
  }
  if (HasFailure()) std::cout << table;
}

}  // namespace
}  // namespace replsim::reader_guarantees_test
