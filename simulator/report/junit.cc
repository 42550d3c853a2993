#include "simulator/report/junit.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/utf8.h"

namespace replsim {
namespace {

// XML 1.0, production 2.
bool IsChar(uint32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

// One testcase. Neither a failure nor an error: passed.
struct Case {
  std::string name;
  const char* element = nullptr;  // failure or error
  const char* type = nullptr;
  std::string message;  // of those: what CI systems show in their list
  std::string text;     // and when it is opened
};

struct Suite {
  std::string variant;
  double seconds = 0;
  std::vector<const proto::RunReport*> runs;
  std::vector<Case> cases;
};

Suite& SuiteOf(const std::string& variant, std::vector<Suite>& suites) {
  const auto known = std::find_if(suites.begin(), suites.end(),
                                  [&](const Suite& suite) { return suite.variant == variant; });
  return known != suites.end() ? *known : suites.emplace_back(Suite{variant, 0, {}, {}});
}

// The command that repeats all runs of the suite; empty if it is not known.
std::string CommandOf(const Suite& suite) {
  if (suite.runs.empty() || suite.runs.front()->command().empty()) return "";
  const size_t times = suite.runs.size();
  return absl::StrCat(suite.runs.front()->command(),
                      times > 1 ? absl::StrCat(" --repeat ", times) : "");
}

// " (variant async, seed 42); repeat: replsim run …": where a failure was seen, and how to see it
// again.
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

Case CaseOf(const Suite& suite, const proto::ExpectationResult& result) {
  absl::string_view condition = result.text();
  absl::ConsumePrefix(&condition, absl::StrCat(result.variant(), ": "));
  Case one{std::string(condition), nullptr, nullptr, "", ""};
  if (result.has_held() && result.held()) return one;
  one.element = result.has_held() ? "failure" : "error";
  one.type = result.has_held() ? "not held" : "not judged";
  absl::string_view metric = condition;
  absl::ConsumeSuffix(&metric, absl::StrCat(" ", result.test()));
  one.message =
      absl::StrCat(metric, ": ", result.measured(), ", expected ", result.test(), WhereText(suite));
  one.text = absl::StrCat(result.text(), "\nmeasured: ", result.measured());
  return one;
}

// What holds in every run, whatever its scenario expects.
Case InvariantsCase(const Suite& suite) {
  Case one{"no invariant was violated", nullptr, nullptr, "", ""};
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
  one.element = "failure";
  one.type = "invariant violated";
  one.message = absl::StrCat(
      lines.front(), lines.size() > 1 ? absl::StrCat(" (and ", lines.size() - 1, " more)") : "",
      WhereText(suite));
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
  for (Suite& suite : suites) suite.cases.push_back(InvariantsCase(suite));
  for (const proto::ExpectationResult& result : report.expectations()) {
    Suite& suite = SuiteOf(result.variant(), suites);
    suite.cases.push_back(CaseOf(suite, result));
  }
  return suites;
}

struct Counts {
  size_t tests = 0;
  size_t failures = 0;
  size_t errors = 0;
  double seconds = 0;

  void Add(const Suite& suite) {
    for (const Case& one : suite.cases) {
      ++tests;
      if (one.element == nullptr) continue;
      ++(absl::string_view(one.element) == "failure" ? failures : errors);
    }
    seconds += suite.seconds;
  }
  // name="…" tests="3" failures="1" errors="0" skipped="0" time="6.000"
  std::string Attributes(const std::string& name) const {
    return absl::StrFormat(
        "name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"0\" time=\"%.3f\"",
        XmlText(name), tests, failures, errors, seconds);
  }
};

std::string CaseXml(const std::string& classname, const Case& one) {
  const std::string head =
      absl::StrFormat("    <testcase classname=\"%s\" name=\"%s\" time=\"0.000\"",
                      XmlText(classname), XmlText(one.name));
  if (one.element == nullptr) return head + "/>\n";
  return absl::StrFormat("%s>\n      <%s type=\"%s\" message=\"%s\">%s</%s>\n    </testcase>\n",
                         head, one.element, one.type, XmlText(one.message), XmlText(one.text),
                         one.element);
}

std::string PropertyXml(absl::string_view name, absl::string_view value) {
  if (value.empty()) return "";
  return absl::StrCat("      <property name=\"", name, "\" value=\"", XmlText(value), "\"/>\n");
}

// What the runs of the suite were: CI systems keep properties beside the results.
std::string PropertiesXml(const proto::Report& report, const Suite& suite) {
  if (suite.runs.empty()) return "";
  const proto::RunReport& first = *suite.runs.front();
  const std::string seed = absl::StrCat(first.seed());
  const uint64_t last = suite.runs.back()->seed();
  return absl::StrCat(
      "    <properties>\n", PropertyXml("variant", suite.variant),
      PropertyXml("seed", last == first.seed() ? seed : absl::StrCat(seed, " to ", last)),
      PropertyXml("runtime", first.runtime()),
      PropertyXml("replsim_version", report.replsim_version()),
      PropertyXml("command", CommandOf(suite)), "    </properties>\n");
}

}  // namespace

std::string XmlText(absl::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const CodePoint c = FirstCodePoint(text);
    if (IsBroken(c)) {
      safe += kReplacementCharacter;
    } else if (c.value == '&') {
      safe += "&amp;";
    } else if (c.value == '<') {
      safe += "&lt;";
    } else if (c.value == '>') {
      safe += "&gt;";
    } else if (c.value == '"') {
      safe += "&quot;";
    } else if (c.value == '\t' || c.value == '\n' || c.value == '\r') {
      absl::StrAppend(&safe, "&#", c.value, ";");
    } else if (IsChar(c.value)) {
      safe += std::string(text.substr(0, c.bytes));
    }
    text.remove_prefix(c.bytes);
  }
  return safe;
}

std::string JUnitXml(const proto::Report& report) {
  const std::vector<Suite> suites = SuitesOf(report);
  Counts all;
  for (const Suite& suite : suites) all.Add(suite);
  std::string xml = absl::StrCat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites ",
                                 all.Attributes(report.scenario()), ">\n");
  for (const Suite& suite : suites) {
    const std::string name =
        absl::StrCat(report.scenario(), suite.variant.empty() ? "" : ".", suite.variant);
    Counts own;
    own.Add(suite);
    absl::StrAppend(&xml, "  <testsuite ", own.Attributes(name), ">\n");
    xml += PropertiesXml(report, suite);
    for (const Case& one : suite.cases) absl::StrAppend(&xml, CaseXml(name, one));
    absl::StrAppend(&xml, "  </testsuite>\n");
  }
  return absl::StrCat(xml, "</testsuites>\n");
}

}  // namespace replsim
