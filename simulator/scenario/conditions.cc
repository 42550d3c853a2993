#include "simulator/scenario/conditions.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "simulator/scenario/mistakes.h"

namespace replsim {
namespace {

constexpr char kForms[] = "a comparison such as \"== 0\", \"> 0\", \"<= 10ms\" or \"> 2 * sync\"";

absl::Status Expected(absl::string_view read) {
  return absl::InvalidArgumentError(
      absl::StrCat("read '", read.substr(0, 60), "'; expected ", kForms));
}

// The longer ones first.
constexpr std::pair<const char*, Comparison> kComparisons[] = {
    {"==", Comparison::kEqual},       {"!=", Comparison::kNotEqual},
    {"<=", Comparison::kLessOrEqual}, {">=", Comparison::kGreaterOrEqual},
    {"<", Comparison::kLess},         {">", Comparison::kGreater}};

// Takes the number off the front of `text`; false if there is none.
bool ConsumeNumber(absl::string_view* text, double* number) {
  size_t end = 0;
  while (end < text->size() &&
         (absl::ascii_isdigit(static_cast<unsigned char>((*text)[end])) || (*text)[end] == '.'))
    ++end;
  if (end == 0 || !absl::SimpleAtod(text->substr(0, end), number)) return false;
  *text = absl::StripLeadingAsciiWhitespace(text->substr(end));
  return true;
}

}  // namespace

absl::StatusOr<Test> ParseTest(absl::string_view text) {
  Test test;
  absl::string_view rest = absl::StripAsciiWhitespace(text);
  const auto* found =
      std::find_if(std::begin(kComparisons), std::end(kComparisons),
                   [&](const auto& known) { return absl::ConsumePrefix(&rest, known.first); });
  if (found == std::end(kComparisons)) return Expected(text);
  test.comparison = found->second;
  rest = absl::StripLeadingAsciiWhitespace(rest);
  if (rest.empty() || rest[0] == '=' || rest[0] == '<' || rest[0] == '>') return Expected(text);

  absl::string_view after = rest;
  if (!ConsumeNumber(&after, &test.number)) {
    if (rest[0] == '-' || rest[0] == '*') return Expected(text);
    test.number = 1;
    test.variant = std::string(rest);
    return test;
  }
  if (absl::ConsumePrefix(&after, "*")) {
    test.variant = std::string(absl::StripLeadingAsciiWhitespace(after));
    if (test.variant.empty()) return Expected(text);
    return test;
  }
  if (after.empty()) return test;
  if (after == "%") return test.unit = "%", test;
  constexpr std::pair<const char*, double> kUnits[] = {{"us", 1e-3}, {"ms", 1}, {"s", 1e3}};
  for (const auto& [unit, factor] : kUnits) {
    if (after != unit) continue;
    test.number *= factor;
    test.unit = "ms";
    return test;
  }
  return Expected(text);
}

bool Test::Holds(double measured, double variants_value) const {
  const double against = variant.empty() ? number : number * variants_value;
  switch (comparison) {
    case Comparison::kEqual:
      return measured == against;
    case Comparison::kNotEqual:
      return measured != against;
    case Comparison::kLess:
      return measured < against;
    case Comparison::kLessOrEqual:
      return measured <= against;
    case Comparison::kGreater:
      return measured > against;
    case Comparison::kGreaterOrEqual:
      return measured >= against;
  }
  return false;
}

const std::vector<KnownMetric>& KnownMetrics() {
  static const std::vector<KnownMetric>* const metrics = new std::vector<KnownMetric>{
      {"attempted", "writes that a client asked for", "", false},
      {"committed", "writes answered committed", "", false},
      {"rejected", "writes answered rejected: they certainly did not happen", "", false},
      {"unknown", "writes without an answer", "", false},
      {"acked_lost", "answered committed, and not in the log that survived", "", false},
      {"protected_lost", "of those, the ones not answered while degraded", "", false},
      {"unacked_survived", "not answered committed, and in the log that survived", "", false},
      {"holes", "lost writes with a later surviving one before the end", "", false},
      {"unprotected_acks", "answers given while degraded", "", false},
      {"truncated_entries", "log entries cut off when a node came back", "", false},
      {"per_second", "writes committed per second", "", false},
      {"stale_reads", "reads that missed a write answered before they began", "", false},
      {"stale_read_rate", "of all reads", "%", false},
      {"phantom_reads", "reads of a write that did not survive and was never answered", "", false},
      {"read_your_writes", "reads that missed the client's own write", "", false},
      {"monotonic_reads", "reads older than one the client had seen", "", false},
      {"converged", "1 if every live node ended with the primary's data, else 0", "", false},
      {"rpo_ms", "age of the oldest acknowledged write that was lost", "ms", false},
      {"rto_ms", "fault to the next committed write", "ms", false},
      {"unavailable_ms", "time without a committed write while writes were asked for", "ms", false},
      {"write_p50_ms", "write latency, from the intended start", "ms", false},
      {"write_p99_ms", "", "ms", false},
      {"write_p999_ms", "", "ms", false},
      {"write_max_ms", "", "ms", false},
      {"read_p50_ms", "read latency, from the intended start", "ms", false},
      {"read_p99_ms", "", "ms", false},
      {"receive_lag_p99_ms", "age of what the replica has not yet received", "ms", true},
      {"receive_lag_max_ms", "", "ms", true},
      {"receive_lag_p99_entries", "entries that the replica has not yet received", "", true},
      {"receive_lag_max_entries", "", "", true},
      {"flush_lag_p99_ms", "age of what the replica has not yet flushed", "ms", true},
      {"flush_lag_max_ms", "", "ms", true},
      {"flush_lag_p99_entries", "entries that the replica has not yet flushed", "", true},
      {"flush_lag_max_entries", "", "", true},
      {"apply_lag_p99_ms", "age of what the replica does not yet show", "ms", true},
      {"apply_lag_max_ms", "", "ms", true},
      {"apply_lag_p99_entries", "entries that the replica does not yet show", "", true},
      {"apply_lag_max_entries", "", "", true},
      {"catch_up_ms", "the replica's longest time from falling behind to level again", "ms", true},
  };
  return *metrics;
}

absl::Status CheckMetric(absl::string_view name, const Test& test,
                         const std::vector<std::string>& replicas) {
  const size_t dot = name.find('.');
  const absl::string_view base = name.substr(0, dot);
  const auto& known = KnownMetrics();
  const auto metric = std::find_if(known.begin(), known.end(),
                                   [&](const KnownMetric& m) { return base == m.name; });
  if (metric == known.end()) {
    std::vector<std::string> names;
    for (const KnownMetric& m : known)
      names.push_back(absl::StrCat(m.name, m.per_node ? ".NODE" : ""));
    return absl::InvalidArgumentError(
        absl::StrCat("unknown metric '", name.substr(0, 60), "'", Suggest(base, names)));
  }
  if (metric->per_node != (dot != absl::string_view::npos)) {
    return absl::InvalidArgumentError(
        metric->per_node
            ? absl::StrCat("'", base, "' is of one replica; expected e.g. ", base, ".r1")
            : absl::StrCat("'", base, "' is of the whole run; expected it without a node"));
  }
  if (metric->per_node) {
    const std::string node(name.substr(dot + 1));
    if (std::find(replicas.begin(), replicas.end(), node) == replicas.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", base, "' of unknown replica '", node, "'", Suggest(node, replicas)));
    }
  }
  if (!test.unit.empty() && test.unit != metric->unit) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", base, "' is ",
        metric->unit[0] == '\0' ? "a number without a unit" : absl::StrCat("in ", metric->unit),
        ", not in ", test.unit));
  }
  return absl::OkStatus();
}

}  // namespace replsim
