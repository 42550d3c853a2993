// The guarantees that a setting of the knobs promises to readers (simulator/promise), and that
// exploring fails a run in which one of them did not hold. docs/modes.md has the table.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/file/input_file.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/explore/explore_report.h"
#include "simulator/explore/judge.h"
#include "simulator/promise/guarantee_promise.h"
#include "simulator/scenario/presets.h"
#include "tests/unit/explore_fixture.h"

namespace replsim::guarantee_promise_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kKill[] = "when: {at: 1s}, do: kill, node: p";
constexpr char kRestart[] = "when: {after_previous: 1s}, do: restart, node: p";
constexpr char kPromote[] = "when: {after_previous: 10ms}, do: promote, node: best";

proto::Scenario Load(const std::string& knobs, const std::string& reads,
                     const std::vector<std::string>& faults = {}) {
  std::string text = absl::StrCat("duration: 5s\nworkload: {clients: 16, arrival: {rate: 500/s}, ",
                                  reads, "}\n", knobs, "\n");
  if (!faults.empty()) text += "faults:\n";
  for (const std::string& fault : faults) absl::StrAppend(&text, "  - {", fault, "}\n");
  const absl::StatusOr<LoadedScenario> loaded = LoadScenarioText(text, "base.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status() << "\n" << text;
  return loaded.ok() ? loaded->variants[0].scenario : proto::Scenario();
}
std::string Preset(const std::string& name) {
  return absl::StrCat("replication: {preset: \"", name, "\"}");
}

std::vector<std::string> PromisedBy(const proto::Scenario& scenario) {
  std::vector<std::string> names;
  for (const GuaranteePromise& one : GuaranteesOf(scenario)) {
    EXPECT_NE(one.because, "");
    if (one.promised) names.push_back(one.name);
  }
  return names;
}
std::vector<std::string> Strongest(const proto::Scenario& scenario) {
  return StrongestOf(PromisedBy(scenario));
}
bool Promises(const proto::Scenario& scenario, const std::string& name) {
  const std::vector<std::string> names = PromisedBy(scenario);
  return std::find(names.begin(), names.end(), name) != names.end();
}
std::string WhyNot(const proto::Scenario& scenario, const std::string& name) {
  const std::vector<GuaranteePromise> all = GuaranteesOf(scenario);
  const GuaranteePromise* const found = FindGuarantee(all, name);
  EXPECT_NE(found, nullptr);
  return found == nullptr || found->promised ? "promised" : found->because;
}

// --- the table of docs/modes.md ---

struct Reader {
  const char* head;
  const char* reads;
};
constexpr Reader kReaders[] = {
    {"primary", "read_from: primary"},
    {"replicas", "read_from: any-replica"},
    {"pinned", "read_from: any-replica, session: {node: pinned}"},
    {"own-writes", "read_from: any-replica, read_wait: own-writes"},
    {"position", "read_from: any-replica, read_wait: position"},
};
struct Faults {
  const char* head;
  std::vector<std::string> faults;
};
const std::vector<Faults>& AllFaults() {
  static const auto& all = *new std::vector<Faults>{
      {"no fault", {}}, {"p restarts", {kKill, kRestart}}, {"failover", {kKill, kPromote}}};
  return all;
}

// "lin", "seq", "prefix", "ryw" or "-". Writes are in order in every case.
std::string Words(const proto::Scenario& scenario) {
  const std::map<std::string, std::string> words = {{"linearizable", "lin"},
                                                    {"sequential", "seq"},
                                                    {"consistent_prefix", "prefix"},
                                                    {"read_your_writes", "ryw"}};
  std::vector<std::string> shown;
  std::vector<std::string> names = PromisedBy(scenario);
  EXPECT_TRUE(Promises(scenario, "monotonic_writes"));
  EXPECT_TRUE(Promises(scenario, "writes_follow_reads"));
  EXPECT_EQ(Promises(scenario, "consistent_prefix"), Promises(scenario, "monotonic_reads"));
  for (const std::string& name : StrongestOf(names)) {
    if (words.contains(name)) shown.push_back(words.at(name));
  }
  return shown.empty() ? "-" : absl::StrJoin(shown, " ");
}

// The words for each list of faults: "lin / lin / -".
std::string CellOf(const std::string& preset, const Reader& reader) {
  std::vector<std::string> words;
  for (const Faults& faults : AllFaults()) {
    words.push_back(Words(Load(Preset(preset), reader.reads, faults.faults)));
  }
  return absl::StrJoin(words, " / ");
}

std::string RowOf(const std::string& preset) {
  std::string row;
  for (const Reader& reader : kReaders) absl::StrAppend(&row, CellOf(preset, reader), " | ");
  return row.substr(0, row.size() - 1);
}

// The head that the table in docs/modes.md must have.
std::string Head() {
  std::string head = "| mode |";
  for (const Reader& reader : kReaders) absl::StrAppend(&head, " ", reader.head, " |");
  return head;
}

// The rows of the table in docs/modes.md without their first cell, by preset.
std::map<std::string, std::string> TableOfDocs() {
  std::map<std::string, std::string> rows;
  const absl::StatusOr<std::string> text =
      ReadInputFile(REPLSIM_DOCS "/modes.md", uint64_t{1} << 20);
  EXPECT_TRUE(text.ok()) << text.status();
  bool inside = false;
  for (const absl::string_view line : absl::StrSplit(text.value_or(""), '\n')) {
    if (line == Head()) inside = true;
    if (!absl::StartsWith(line, "| `")) {
      inside = inside && absl::StartsWith(line, "|");
      continue;
    }
    if (!inside) continue;
    const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits(" | ", 1));
    for (const absl::string_view preset : absl::StrSplit(parts[0].substr(2), ", ")) {
      const std::string name(preset.substr(1, preset.size() - 2));  // in backticks
      EXPECT_TRUE(rows.emplace(name, parts.back()).second) << "twice: " << line;
    }
  }
  return rows;
}

// Returns the table that docs/modes.md should have. Presets with the same promises share a row.
std::string TableOfCode() {
  std::vector<std::pair<std::string, std::string>> lines;  // first cell, rest
  for (const std::string& preset : PresetNames()) {
    const std::string row = RowOf(preset);
    const auto same = std::find_if(lines.begin(), lines.end(),
                                   [&](const auto& line) { return line.second == row; });
    if (same == lines.end()) {
      lines.emplace_back(absl::StrCat("`", preset, "`"), row);
    } else {
      absl::StrAppend(&same->first, ", `", preset, "`");
    }
  }
  std::string table = Head() + "\n";
  for (const auto& [presets, row] : lines) {
    absl::StrAppend(&table, "| ", presets, " | ", row, "\n");
  }
  return table;
}

TEST(GuaranteePromise, OfEveryPresetIsTheTableOfTheDocs) {
  const std::map<std::string, std::string> rows = TableOfDocs();
  EXPECT_EQ(rows.size(), PresetNames().size());
  for (const std::string& preset : PresetNames()) {
    const auto row = rows.find(preset);
    EXPECT_EQ(row == rows.end() ? "missing" : row->second, RowOf(preset)) << preset;
  }
  if (HasFailure()) std::cout << TableOfCode();
}

// --- rules ---

TEST(GuaranteePromise, ImpliedGuaranteesArePromisedToo) {
  const std::vector<std::vector<std::string>> fault_lists = {
      {}, {kKill, kRestart}, {kKill, kPromote}, {"when: {at: 1s}, do: promote, node: r1"}};
  for (const std::string& preset : PresetNames()) {
    for (const Reader& reader : kReaders) {
      for (const auto& faults : fault_lists) {
        const proto::Scenario scenario = Load(Preset(preset), reader.reads, faults);
        for (const Guarantee& guarantee : GuaranteesByStrength()) {
          if (!Promises(scenario, guarantee.name)) continue;
          for (const absl::string_view implied : guarantee.implies) {
            EXPECT_TRUE(Promises(scenario, std::string(implied)))
                << preset << ", " << reader.head << ": " << guarantee.name << " without "
                << implied;
          }
        }
      }
    }
  }
}

TEST(GuaranteePromise, DependsOnKnobsNotOnNames) {
  for (const std::string& preset : PresetNames()) {
    for (const Reader& reader : kReaders) {
      proto::Scenario scenario = Load(Preset(preset), reader.reads, {kKill, kPromote});
      const std::vector<std::string> with_name = PromisedBy(scenario);
      scenario.mutable_replication()->clear_preset();
      EXPECT_EQ(PromisedBy(scenario), with_name) << preset;
    }
  }
}

TEST(GuaranteePromise, APrimaryIsLinearizableIfNobodyElseAnswersInItsPlace) {
  const auto strongest = [](const std::string& preset, const std::vector<std::string>& faults) {
    return Strongest(Load(Preset(preset), "read_from: primary", faults));
  };
  EXPECT_THAT(strongest("async", {}), ElementsAre("linearizable"));
  EXPECT_THAT(strongest("quorum", {kKill, kPromote}), ElementsAre("linearizable"));
  // Not with an old primary that may still run.
  for (const char* fault :
       {"when: {at: 1s}, do: promote, node: best", "when: {at: 1s}, do: promote, node: r1"}) {
    EXPECT_THAT(strongest("quorum", {fault}),
                ElementsAre("monotonic_writes", "writes_follow_reads"));
  }
  EXPECT_THAT(strongest("quorum", {"when: {at: 1s}, do: pause, node: p", kPromote}),
              ElementsAre("monotonic_writes", "writes_follow_reads"));
  EXPECT_THAT(
      strongest("quorum", {"when: {at: 1s}, do: partition, from: p, to: [r1, r2]", kPromote}),
      ElementsAre("monotonic_writes", "writes_follow_reads"));
  // Not if acknowledgements may be unprotected.
  EXPECT_THAT(strongest("semi-sync", {kKill, kPromote}),
              ElementsAre("monotonic_writes", "writes_follow_reads"));
}

TEST(GuaranteePromise, WhatIsShownEarlyMayGoBack) {
  const auto of = [](const std::string& knobs, const std::vector<std::string>& faults) {
    return Load("replication: {" + knobs + "}", "read_from: primary", faults);
  };
  const std::string early =
      "ack_after: replica-flush, sync_set: any 1, visible_after: flush, on_timeout: block";
  EXPECT_THAT(Strongest(of(early, {kKill, kRestart})), ElementsAre("linearizable"));
  EXPECT_THAT(Strongest(of(early, {kKill, kPromote})),
              ElementsAre("read_your_writes", "monotonic_writes", "writes_follow_reads"));
  const std::string late = "ack_after: flush, visible_after: replica-flush, sync_set: any 1";
  EXPECT_THAT(Strongest(of(late, {})),
              ElementsAre("consistent_prefix", "monotonic_writes", "writes_follow_reads"));
  EXPECT_THAT(WhyNot(of(late, {}), "read_your_writes"), HasSubstr("acknowledged before"));
  // A replica may apply a record before it has flushed it.
  EXPECT_FALSE(Promises(of("ack_after: replica-apply, visible_after: replica-flush, sync_set: all, "
                           "replica_apply: on-receive",
                           {}),
                        "read_your_writes"));
  EXPECT_TRUE(Promises(of("ack_after: replica-apply, visible_after: replica-flush, sync_set: all, "
                          "replica_apply: on-flush",
                          {}),
                       "read_your_writes"));
}

TEST(GuaranteePromise, InheritedWritesAreShownAtOnceUnlessAnOwnRecordComesFirst) {
  const std::vector<std::string> twice = {
      kKill, kRestart, "when: {after_previous: 1s}, do: kill, node: p", kPromote};
  EXPECT_THAT(Strongest(Load(Preset("postgres:on"), "read_from: primary", twice)),
              ElementsAre("read_your_writes", "monotonic_writes", "writes_follow_reads"));
  EXPECT_THAT(Strongest(Load(Preset("quorum"), "read_from: primary", twice)),
              ElementsAre("linearizable"));
  EXPECT_THAT(Strongest(Load(Preset("quorum") + "\nfailover: {take_over: at-once}",
                             "read_from: primary", twice)),
              ElementsAre("read_your_writes", "monotonic_writes", "writes_follow_reads"));
}

TEST(GuaranteePromise, OneReplicaThatEveryAcknowledgementWaitsForIsLinearizable) {
  const auto of = [](const std::string& set, const std::string& from,
                     const std::vector<std::string>& faults = {}) {
    return Load("cluster: {replicas: 3}\nreplication: {ack_after: replica-apply, sync_set: \"" +
                    set + "\"}",
                "read_from: " + from, faults);
  };
  EXPECT_THAT(Strongest(of("all", "r1")), ElementsAre("linearizable"));
  EXPECT_THAT(Strongest(of("first 1 [r1]", "r1")), ElementsAre("linearizable"));
  EXPECT_THAT(Strongest(of("any 3", "[r2]")), ElementsAre("linearizable"));
  const auto prefix = ElementsAre("consistent_prefix", "monotonic_writes", "writes_follow_reads");
  EXPECT_THAT(Strongest(of("first 1 [r1]", "r2")), prefix);
  EXPECT_THAT(Strongest(of("any 2", "r2")), prefix);
  EXPECT_THAT(Strongest(of("first 1 [r1, r2]", "r1")), prefix);
  const auto ryw = ElementsAre("read_your_writes", "monotonic_writes", "writes_follow_reads");
  EXPECT_THAT(Strongest(of("all", "any-replica")), ryw) << "two replicas apply at different times";
  EXPECT_THAT(Strongest(of("first 2 [r1, r3]", "[r1, r3]")), ryw);
  EXPECT_THAT(Strongest(of("any 2", "{replicas: 2}")), ryw) << "R + W > N";
  EXPECT_FALSE(Promises(of("any 2", "{replicas: 1}"), "read_your_writes"));
  EXPECT_FALSE(Promises(of("all", "r1", {"when: {at: 1s}, do: kill, node: r1"}), "sequential"));
  EXPECT_FALSE(Promises(of("all", "r1", {kKill, kRestart}), "read_your_writes"))
      << "a new leadership waits only for the replicas that have come back";
}

TEST(GuaranteePromise, ReplicasDoNotGoBackIfThePrimaryKeepsWhatItHasSent) {
  const auto prefix = [](const std::string& knobs, const std::vector<std::string>& faults) {
    return Promises(Load(knobs, "read_from: r1", faults), "consistent_prefix");
  };
  const std::string power = "when: {at: 1s}, do: power-loss, node: p";
  EXPECT_TRUE(prefix(Preset("async"), {kKill, kRestart}));
  EXPECT_FALSE(prefix(Preset("async"), {power, kRestart}));
  EXPECT_TRUE(prefix(Preset("postgres:off"), {power, kRestart})) << "sent after the flush";
  EXPECT_FALSE(prefix("replication: {preset: async, send_after: append}", {kKill, kRestart}));
  EXPECT_FALSE(prefix(Preset("sync"), {"when: {at: 1s}, do: kill, node: r1"}));
  EXPECT_TRUE(prefix(Preset("sync"), {"when: {at: 1s}, do: kill, node: r2"}));
  EXPECT_FALSE(prefix(Preset("quorum"), {kKill, kPromote}));
}

TEST(GuaranteePromise, APinnedClientIsPromisedOneLogAsLongAsNothingMakesItMove) {
  const std::string pinned = "read_from: any-replica, session: {node: pinned}";
  const auto prefix = [&](const std::string& knobs, const std::vector<std::string>& faults,
                          const std::string& more = "") {
    return Promises(Load(knobs, pinned + more, faults), "consistent_prefix");
  };
  EXPECT_TRUE(prefix("", {}));
  EXPECT_TRUE(prefix("", {"when: {at: 1s}, do: partition, from: p, to: r1"}));
  EXPECT_FALSE(prefix("", {"when: {at: 1s}, do: partition, from: client, to: r1"}));
  EXPECT_FALSE(prefix("", {"when: {at: 1s}, do: pause, node: r1"}));
  EXPECT_TRUE(prefix("", {"when: {at: 1s}, do: pause, node: p"}));
  EXPECT_FALSE(prefix("network: [{from: client, to: r1, delay: 1ms}]", {}));
  EXPECT_FALSE(prefix("", {}, ", read_wait: own-writes")) << "such a read may wait too long";
  EXPECT_TRUE(prefix("", {}, ", read_wait: position")) << "then it may move";
  EXPECT_FALSE(
      Promises(Load("", "read_from: any-replica, session: {node: moving}"), "consistent_prefix"));
}

TEST(GuaranteePromise, ATokenOfAllSeenNeedsWhatWasSeenToSurvive) {
  const auto strongest = [](const std::string& preset, const char* wait,
                            const std::vector<std::string>& faults) {
    return Strongest(
        Load(Preset(preset), absl::StrCat("read_from: any-replica, read_wait: ", wait), faults));
  };
  const auto writes = ElementsAre("monotonic_writes", "writes_follow_reads");
  const auto ryw = ElementsAre("read_your_writes", "monotonic_writes", "writes_follow_reads");
  for (const char* wait : {"own-writes", "position"}) {
    EXPECT_THAT(strongest("async", wait, {kKill, kPromote}), writes);
    EXPECT_THAT(strongest("postgres:on", wait, {kKill, kPromote}), ryw)
        << "a standby shows what it has flushed, acknowledged or not";
  }
  EXPECT_THAT(strongest("quorum", "own-writes", {kKill, kPromote}), ryw);
  EXPECT_THAT(strongest("quorum", "position", {kKill, kPromote}), ElementsAre("sequential"));
  EXPECT_THAT(strongest("quorum", "position", {kKill, kPromote, kRestart}), ryw)
      << "a restarted node shows all that it recovers";
}

TEST(GuaranteePromise, WhatNothingIsPromisedFor) {
  EXPECT_THAT(
      PromisedBy(Load("", "read_from: primary", {"when: {at: 1s}, do: bit-flip, node: r1"})),
      IsEmpty());
  const std::string sites =
      Preset("quorum") + "\ncluster: {groups: {a: [p, client], b: [r1, r2, client]}}";
  EXPECT_THAT(Strongest(Load(sites, "read_from: primary")), ElementsAre("linearizable"));
  EXPECT_THAT(PromisedBy(Load(sites, "read_from: primary", {kKill, kPromote})), IsEmpty());
  EXPECT_THAT(Strongest(Load("", "read_from: primary, retry: new-request")),
              ElementsAre("sequential"))
      << "a value that is written twice is one write to clients";
}

// --- the verdict of exploring ---

proto::RunReport ReportWith(const proto::Scenario& scenario, const std::set<std::string>& broken) {
  proto::RunReport report = GoodReport(scenario);
  for (const Guarantee& guarantee : GuaranteesByStrength()) {
    proto::GuaranteeVerdict& verdict =
        *report.mutable_consistency()->mutable_summary()->add_verdicts();
    verdict.set_name(guarantee.name);
    verdict.set_holds(!broken.contains(guarantee.name));
    verdict.set_of("reads");
    verdict.set_checked(9);
    verdict.set_violations(verdict.holds() ? 0 : 2);
    if (!verdict.holds()) verdict.set_witness(absl::StrCat("the witness of ", guarantee.name));
  }
  return report;
}

Verdict JudgeBroken(const proto::Scenario& scenario, const std::set<std::string>& broken) {
  return Judge(scenario, {TrialEnd::How::kReported, ReportWith(scenario, broken), ""});
}

TEST(JudgeGuarantees, ABrokenPromiseFailsByTheSmallestClaimThatIsWrong) {
  const proto::Scenario async = Load("", "read_from: primary");
  const std::set<std::string> back = {"linearizable", "sequential", "consistent_prefix",
                                      "monotonic_reads"};
  const Verdict verdict = JudgeBroken(async, back);
  EXPECT_TRUE(verdict.failed);
  EXPECT_EQ(verdict.kind, "guarantee-broken: monotonic reads");
  EXPECT_THAT(verdict.detail,
              AllOf(HasSubstr("linearizable: 2 of 9 reads, although all clients read from one"),
                    HasSubstr("the witness of monotonic_reads")));
  EXPECT_EQ(JudgeBroken(async, {"linearizable"}).kind, "guarantee-broken: linearizable");
  EXPECT_EQ(JudgeBroken(async, {"writes_follow_reads"}).kind,
            "guarantee-broken: writes follow reads");
  EXPECT_FALSE(JudgeBroken(async, {}).failed);
}

TEST(JudgeGuarantees, TheFileOfAFailureExpectsTheGuarantee) {
  Finding finding;
  finding.first_seed = 7;
  finding.shrunk = Shrunk{Load("", "read_from: primary"), 1, true};
  const auto yaml_of = [&](const std::string& guarantee) {
    finding.verdict.kind = absl::StrCat(kGuaranteeBroken, guarantee);
    return FileOf({"base", "again", "folder", 1, 3}, Exploration(), finding, true);
  };
  EXPECT_EQ(yaml_of("monotonic reads").path, "folder/guarantee-broken-monotonic-reads-seed-7.yaml");
  EXPECT_THAT(yaml_of("monotonic reads").yaml, HasSubstr("monotonic_reads: \"== 0\""));
  EXPECT_THAT(yaml_of("linearizable").yaml,
              AllOf(HasSubstr("linearizable: \"== yes\""), Not(HasSubstr("monotonic_reads"))));
}

TEST(JudgeGuarantees, WhatIsNotPromisedDoesNotFail) {
  const proto::Scenario replicas = Load("", "read_from: any-replica");
  EXPECT_FALSE(JudgeBroken(replicas, {"linearizable", "sequential", "consistent_prefix",
                                      "monotonic_reads", "read_your_writes"})
                   .failed);
  EXPECT_EQ(JudgeBroken(replicas, {"linearizable", "monotonic_writes"}).kind,
            "guarantee-broken: monotonic writes");
}

}  // namespace
}  // namespace replsim::guarantee_promise_test
