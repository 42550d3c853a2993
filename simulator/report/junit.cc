#include "simulator/report/junit.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "simulator/report/junit_xml.h"

namespace replsim {
namespace {

struct Suite {
  std::string variant;
  double seconds = 0;
  std::vector<const proto::RunReport*> runs;
  std::vector<JUnitCase> cases;
};

Suite& SuiteOf(const std::string& variant, std::vector<Suite>& suites) {
  const auto known = std::find_if(suites.begin(), suites.end(),
                                  [&](const Suite& suite) { return suite.variant == variant; });
  return known != suites.end() ? *known : suites.emplace_back(Suite{variant, 0, {}, {}});
}

// The command that repeats all runs of the suite; empty if it is unknown.
std::string CommandOf(const Suite& suite) {
  if (suite.runs.empty() || suite.runs.front()->command().empty()) return "";
  const size_t times = suite.runs.size();
  return absl::StrCat(suite.runs.front()->command(),
                      times > 1 ? absl::StrCat(" --repeat ", times) : "");
}

// " (variant async, seed 42); repeat: replsim run …": where a failure occurred and how to reproduce
// it.
std::string WhereText(const Suite& suite) {
  if (suite.runs.empty()) {
    return suite.variant.empty() ? "" : absl::StrCat(" (variant ", suite.variant, ")");
  }
  const proto::RunReport& first = *suite.runs.front();
  const size_t times = suite.runs.size();
  std::string text = " (";
  if (!suite.variant.empty()) absl::StrAppend(&text, "variant ", suite.variant, ", ");
  absl::StrAppend(&text, times == 1 ? "seed " : "seeds ", first.seed());
  if (times > 1) absl::StrAppend(&text, " to ", suite.runs.back()->seed());
  text += ")";
  const std::string command = CommandOf(suite);
  return command.empty() ? text : absl::StrCat(text, "; repeat: ", command);
}

JUnitCase CaseOf(const Suite& suite, const proto::ExpectationResult& result) {
  absl::string_view condition = result.text();
  absl::ConsumePrefix(&condition, absl::StrCat(result.variant(), ": "));
  JUnitCase one{.name = std::string(condition)};
  if (result.has_held() && result.held()) return one;
  one.outcome = result.has_held() ? JUnitCase::Outcome::kFailure : JUnitCase::Outcome::kError;
  one.type = result.has_held() ? "not held" : "not judged";
  absl::string_view metric = condition;
  absl::ConsumeSuffix(&metric, absl::StrCat(" ", result.test()));
  one.message =
      absl::StrCat(metric, ": ", result.measured(), ", expected ", result.test(), WhereText(suite));
  one.text = absl::StrCat(result.text(), "\nmeasured: ", result.measured());
  return one;
}

// The case for the invariants, which must hold in every run.
JUnitCase InvariantsCase(const Suite& suite) {
  JUnitCase one{.name = "no invariant was violated"};
  std::vector<std::string> lines;
  for (const proto::RunReport* run : suite.runs) {
    for (const std::string& breach : run->breaches()) {
      lines.push_back(run->has_repeat() ? absl::StrCat("repeat ", run->repeat(), ": ", breach)
                                        : breach);
    }
  }
  if (lines.empty()) {
    // Some invariants may not have been checked.
    const bool all = std::all_of(suite.runs.begin(), suite.runs.end(),
                                 [](const auto* run) { return run->absent().empty(); });
    if (!all) one.name = "no checked invariant was violated";
    return one;
  }
  one.outcome = JUnitCase::Outcome::kFailure;
  one.type = "invariant violated";
  one.message = absl::StrCat(
      lines.front(), lines.size() > 1 ? absl::StrCat(" (and ", lines.size() - 1, " more)") : "",
      WhereText(suite));
  one.text = absl::StrJoin(lines, "\n");
  return one;
}

// Of the faults that never happened; absent if all did.
std::optional<JUnitCase> MissingFaultsCase(const Suite& suite) {
  std::vector<std::string> lines;
  for (const proto::RunReport* run : suite.runs) {
    lines.insert(lines.end(), run->missing_faults().begin(), run->missing_faults().end());
  }
  if (lines.empty()) return std::nullopt;
  JUnitCase one{.name = "every fault happened"};
  one.outcome = JUnitCase::Outcome::kError;
  one.type = "not judged";
  one.message = absl::StrCat(lines.front(), WhereText(suite));
  one.text = absl::StrJoin(lines, "\n");
  return one;
}

std::vector<Suite> SuitesOf(const proto::Report& report) {
  std::vector<Suite> suites;
  for (const proto::RunReport& run : report.runs()) {
    Suite& suite = SuiteOf(run.variant(), suites);
    suite.seconds += run.load_seconds();
    suite.runs.push_back(&run);
  }
  for (Suite& suite : suites) {
    suite.cases.push_back(InvariantsCase(suite));
    if (std::optional<JUnitCase> missing = MissingFaultsCase(suite)) {
      suite.cases.push_back(*std::move(missing));
    }
  }
  for (const proto::ExpectationResult& result : report.expectations()) {
    Suite& suite = SuiteOf(result.variant(), suites);
    suite.cases.push_back(CaseOf(suite, result));
  }
  return suites;
}

// Adds the suite's properties, which CI systems store with the results.
JUnitSuite ToJUnit(const proto::Report& report, Suite suite) {
  JUnitSuite out;
  out.name = absl::StrCat(report.scenario(), suite.variant.empty() ? "" : ".", suite.variant);
  out.seconds = suite.seconds;
  out.cases = std::move(suite.cases);
  if (suite.runs.empty()) return out;
  const proto::RunReport& first = *suite.runs.front();
  const std::string seed = absl::StrCat(first.seed());
  const uint64_t last = suite.runs.back()->seed();
  out.properties = {
      {"variant", suite.variant},
      {"seed", last == first.seed() ? seed : absl::StrCat(seed, " to ", last)},
      {"runtime", first.runtime()},
      {"replsim_version", report.replsim_version()},
      {"command", CommandOf(suite)},
  };
  return out;
}

}  // namespace

std::string JUnitXml(const proto::Report& report) {
  std::vector<JUnitSuite> suites;
  for (Suite& suite : SuitesOf(report)) suites.push_back(ToJUnit(report, std::move(suite)));
  return JUnitXml(report.scenario(), suites);
}

}  // namespace replsim
