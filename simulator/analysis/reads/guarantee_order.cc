#include "simulator/analysis/reads/guarantee_order.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

using proto::RunReport;
using Consistency = RunReport::Consistency;
using GuaranteeVerdict = proto::GuaranteeVerdict;

// How to read the verdict on a guarantee from the report.
struct Judged {
  const char* name;
  bool (*has)(const Consistency&);
  const RunReport::Anomaly& (*found)(const Consistency&);
  const char* of;
  const char* violated;  // the text after "244 of 1,164 reads "
};
#define REPL_JUDGED(field, of, violated)                                                          \
  Judged {                                                                                        \
#field, [](const Consistency&                                                                 \
                   c) { return c.has_##field(); }, [](const Consistency& c)                       \
                                                        -> const RunReport::                      \
                                                            Anomaly& { return c.field(); }, of,   \
                                                                                         violated \
  }
const Judged kByLog[] = {
    REPL_JUDGED(sequential, "operations", "out of the order of the log"),
    REPL_JUDGED(consistent_prefix, "reads", "out of the order of the log"),
    REPL_JUDGED(monotonic_reads, "reads", "went back to an older value"),
    REPL_JUDGED(read_your_writes, "reads", "missed the client's own write"),
    REPL_JUDGED(monotonic_writes, "writes", "before an earlier one of the client"),
    REPL_JUDGED(writes_follow_reads, "writes", "before what the client had read"),
};
#undef REPL_JUDGED

constexpr char kLinearizable[] = "linearizable";

void SetCounts(uint64_t violations, uint64_t checked, const char* of, GuaranteeVerdict* verdict) {
  verdict->set_violations(violations);
  verdict->set_checked(checked);
  verdict->set_of(of);
  if (checked > 0) {
    verdict->set_rate(100.0 * static_cast<double>(violations) / static_cast<double>(checked));
  }
}

// Counts late reads, because clients notice these. A violation without a late read (a value that no
// operation wrote) counts keys instead.
std::optional<GuaranteeVerdict> VerdictOnLinearizable(const Consistency& consistency) {
  if (!consistency.has_linearizable() || !consistency.linearizable().has_holds()) {
    return std::nullopt;
  }
  const RunReport::Linearizable& found = consistency.linearizable();
  GuaranteeVerdict verdict;
  verdict.set_name(kLinearizable);
  verdict.set_holds(found.holds());
  verdict.set_witness(found.reason());
  if (!found.holds() && !found.has_bad_keys()) {
    SetCounts(1, found.keys(), "keys", &verdict);
    verdict.set_at_least(true);
  } else if (!found.holds() && found.late_reads() == 0) {
    SetCounts(found.bad_keys(), found.keys(), "keys", &verdict);
  } else {
    SetCounts(found.late_reads(), found.reads(), "reads", &verdict);
  }
  return verdict;
}

std::optional<GuaranteeVerdict> JudgeByLog(const Judged& judged, const Consistency& consistency) {
  if (!judged.has(consistency) || judged.found(consistency).checked() == 0) return std::nullopt;
  const RunReport::Anomaly& found = judged.found(consistency);
  GuaranteeVerdict verdict;
  verdict.set_name(judged.name);
  verdict.set_holds(found.count() == 0);
  verdict.set_witness(found.first_witness());
  SetCounts(found.count(), found.checked(), judged.of, &verdict);
  return verdict;
}

std::optional<GuaranteeVerdict> VerdictOn(absl::string_view name, const Consistency& consistency) {
  if (name == kLinearizable) return VerdictOnLinearizable(consistency);
  for (const Judged& judged : kByLog) {
    if (name == judged.name) return JudgeByLog(judged, consistency);
  }
  return std::nullopt;
}

// One decimal below 100 ms, so that delays of similar links can be distinguished.
std::string LateMillis(double ms) {
  return ms >= 1 && ms < 100 ? absl::StrFormat("%.1f ms", ms) : MillisText(ms);
}

// "244 of 1,164 reads late, by up to 26.9 ms; 3 of 3 keys".
std::string LateText(const GuaranteeVerdict& verdict, const RunReport::Linearizable& found) {
  std::string text =
      absl::StrCat(verdict.at_least() ? "at least " : "", Thousands(verdict.violations()), " of ",
                   Thousands(verdict.checked()), " ", verdict.of());
  if (verdict.of() == "reads") {
    absl::StrAppend(&text, " late");
    if (found.late_by_ms() > 0) {
      absl::StrAppend(&text, ", by up to ", LateMillis(found.late_by_ms()));
    }
    if (found.keys() > 1) {
      absl::StrAppend(&text, "; ", Thousands(found.bad_keys()), " of ", Thousands(found.keys()),
                      " keys");
    }
  }
  if (!found.has_late_by_ms() && !found.searched())
    absl::StrAppend(&text, "; no delay of the reads explains it");
  return text;
}

std::string ViolationText(const GuaranteeVerdict& verdict, const Consistency& consistency) {
  if (verdict.name() == kLinearizable) return LateText(verdict, consistency.linearizable());
  for (const Judged& judged : kByLog) {
    if (verdict.name() != judged.name) continue;
    return absl::StrCat(Thousands(verdict.violations()), " of ", Thousands(verdict.checked()), " ",
                        verdict.of(), " ", judged.violated);
  }
  return "";
}

// "a, b and c".
std::string Enumerated(const std::vector<std::string>& words) {
  if (words.size() < 2) return absl::StrJoin(words, "");
  return absl::StrCat(absl::StrJoin(words.begin(), words.end() - 1, ", "), " and ", words.back());
}

std::string HeldText(const proto::ConsistencySummary& summary) {
  std::vector<std::string> held;
  for (const GuaranteeVerdict& verdict : summary.verdicts()) {
    if (verdict.holds()) held.push_back(verdict.name());
  }
  return held.empty() ? "no guarantee held" : absl::StrCat(LabelsOfStrongest(held), " held");
}

// Names the guarantees above the strongest judged one.
std::string UnjudgedText(const proto::ConsistencySummary& summary) {
  std::vector<std::string> labels;
  for (const Guarantee& guarantee : GuaranteesByStrength()) {
    if (guarantee.name == summary.verdicts(0).name()) break;
    labels.push_back(guarantee.label);
  }
  return labels.empty() ? "" : absl::StrCat("; not judged: ", Enumerated(labels));
}

// Why linearizable has no verdict, if a search tried to find one.
std::string LimitText(const RunReport::Linearizable& found) {
  return found.searched() && !found.has_holds() ? absl::StrCat(" (", found.reason(), ")") : "";
}

const char* WhyNothing(const Consistency& consistency) {
  if (!consistency.has_reads() && !consistency.has_linearizable()) return "reads were not judged";
  return consistency.reads() == 0 && consistency.linearizable().reads() == 0
             ? "no read was answered"
             : "the recording shows neither values nor positions";
}

bool AnyRead(const Consistency& consistency) {
  return consistency.reads() > 0 || consistency.linearizable().reads() > 0;
}

}  // namespace

const std::vector<Guarantee>& GuaranteesByStrength() {
  static const std::vector<Guarantee>& table = *new std::vector<Guarantee>{
      {kLinearizable,
       "linearizable",
       {"sequential", "consistent_prefix", "monotonic_reads", "read_your_writes",
        "monotonic_writes", "writes_follow_reads"}},
      {"sequential",
       "sequential",
       {"consistent_prefix", "monotonic_reads", "read_your_writes", "monotonic_writes",
        "writes_follow_reads"}},
      {"consistent_prefix", "consistent prefix", {"monotonic_reads"}},
      {"monotonic_reads", "monotonic reads", {}},
      {"read_your_writes", "read your writes", {}},
      {"monotonic_writes", "monotonic writes", {}},
      {"writes_follow_reads", "writes follow reads", {}},
  };
  return table;
}

std::string LabelOfGuarantee(absl::string_view name) {
  for (const Guarantee& guarantee : GuaranteesByStrength()) {
    if (guarantee.name == name) return guarantee.label;
  }
  return std::string(name);
}

std::vector<std::string> StrongestOf(const std::vector<std::string>& names) {
  const auto is_named = [&](absl::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::vector<std::string> strongest;
  std::vector<absl::string_view> implied;
  for (const Guarantee& guarantee : GuaranteesByStrength()) {
    if (!is_named(guarantee.name)) continue;
    if (std::find(implied.begin(), implied.end(), guarantee.name) == implied.end()) {
      strongest.emplace_back(guarantee.name);
    }
    implied.insert(implied.end(), guarantee.implies.begin(), guarantee.implies.end());
  }
  return strongest;
}

std::string LabelsOfStrongest(const std::vector<std::string>& names) {
  std::vector<std::string> labels;
  for (const std::string& name : StrongestOf(names)) labels.push_back(LabelOfGuarantee(name));
  return Enumerated(labels);
}

std::vector<std::string> WeakestOf(const std::vector<std::string>& names) {
  const auto is_named = [&](absl::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::vector<std::string> weakest;
  for (const Guarantee& guarantee : GuaranteesByStrength()) {
    if (!is_named(guarantee.name)) continue;
    const auto& implied = guarantee.implies;
    if (std::none_of(implied.begin(), implied.end(), is_named)) {
      weakest.emplace_back(guarantee.name);
    }
  }
  return weakest;
}

void SummarizeConsistency(Consistency* consistency) {
  consistency->clear_summary();
  proto::ConsistencySummary summary;
  for (const Guarantee& guarantee : GuaranteesByStrength()) {
    if (!AnyRead(*consistency)) break;
    std::optional<GuaranteeVerdict> verdict = VerdictOn(guarantee.name, *consistency);
    if (verdict) *summary.add_verdicts() = *std::move(verdict);
  }
  if (summary.verdicts().empty()) {
    summary.set_not_judged(WhyNothing(*consistency));
    summary.set_text(absl::StrCat("not judged: ", summary.not_judged()));
    *consistency->mutable_summary() = std::move(summary);
    return;
  }
  const GuaranteeVerdict* failed = nullptr;
  for (const GuaranteeVerdict& verdict : summary.verdicts()) {
    if (verdict.holds() && summary.strongest_held().empty()) {
      summary.set_strongest_held(verdict.name());
    }
    if (!verdict.holds() && failed == nullptr) failed = &verdict;
  }
  std::string text = HeldText(summary);
  if (failed != nullptr) {
    summary.set_first_failed(failed->name());
    absl::StrAppend(&text, "; NOT ", LabelOfGuarantee(failed->name()), ": ",
                    ViolationText(*failed, *consistency));
  }
  summary.set_text(
      absl::StrCat(text, UnjudgedText(summary), LimitText(consistency->linearizable())));
  *consistency->mutable_summary() = std::move(summary);
}

}  // namespace replsim
