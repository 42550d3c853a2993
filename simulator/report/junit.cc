#include "simulator/report/junit.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "simulator/analysis/repeats.h"

namespace replsim {
namespace {

struct CodePoint {
  uint32_t value = 0xfffd;
  size_t bytes = 1;
};

// The first of `text`, which is not empty; U+FFFD for a byte that begins none (RFC 3629).
CodePoint FirstOf(absl::string_view text) {
  const auto at = [&text](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  uint32_t value = lead & (0x7fu >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if ((at(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (at(i) & 0x3fu);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < kLeast[bytes] || value > 0x10ffff || surrogate) return {};
  return {value, bytes};
}

// XML 1.0, production 2.
bool IsChar(uint32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

struct Suite {
  std::string variant;
  double seconds = 0;
  std::vector<const proto::ExpectationResult*> results;
};

Suite& SuiteOf(const std::string& variant, std::vector<Suite>& suites) {
  const auto known = std::find_if(suites.begin(), suites.end(),
                                  [&](const Suite& suite) { return suite.variant == variant; });
  return known != suites.end() ? *known : suites.emplace_back(Suite{variant, 0, {}});
}

std::vector<Suite> SuitesOf(const proto::Report& report) {
  std::vector<Suite> suites;
  for (const proto::RunReport& run : report.runs()) {
    SuiteOf(run.variant(), suites).seconds += run.load_seconds();
  }
  for (const proto::ExpectationResult& result : report.expectations()) {
    SuiteOf(result.variant(), suites).results.push_back(&result);
  }
  return suites;
}

// name="…" tests="3" failures="1" errors="0" skipped="0" time="6.000"
std::string Counts(const std::string& name, const Suite& suite) {
  size_t failures = 0;
  size_t errors = 0;
  for (const proto::ExpectationResult* result : suite.results) {
    failures += result->has_held() && !result->held();
    errors += !result->has_held();
  }
  return absl::StrFormat(
      "name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"0\" time=\"%.3f\"",
      XmlText(name), suite.results.size(), failures, errors, suite.seconds);
}

std::string CaseXml(const std::string& classname, const proto::ExpectationResult& result) {
  absl::string_view condition = result.text();
  absl::ConsumePrefix(&condition, absl::StrCat(result.variant(), ": "));
  const std::string head =
      absl::StrFormat("    <testcase classname=\"%s\" name=\"%s\" time=\"0.000\"",
                      XmlText(classname), XmlText(condition));
  if (result.has_held() && result.held()) return head + "/>\n";
  const char* element = result.has_held() ? "failure" : "error";
  return absl::StrFormat(
      "%s>\n      <%s type=\"%s\" message=\"%s\">%s</%s>\n    </testcase>\n", head, element,
      result.has_held() ? "not held" : "not judged", XmlText(result.measured()),
      XmlText(absl::StrCat(result.text(), "\nmeasured: ", result.measured())), element);
}

}  // namespace

std::string XmlText(absl::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const CodePoint c = FirstOf(text);
    const bool broken = c.value == 0xfffd && c.bytes == 1;
    if (broken) {
      safe += "\xef\xbf\xbd";
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
  Suite all;
  for (const Suite& suite : suites) {
    all.seconds += suite.seconds;
    all.results.insert(all.results.end(), suite.results.begin(), suite.results.end());
  }
  std::string xml = absl::StrCat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites ",
                                 Counts(report.scenario(), all), ">\n");
  for (const Suite& suite : suites) {
    const std::string name =
        absl::StrCat(report.scenario(), suite.variant.empty() ? "" : ".", suite.variant);
    absl::StrAppend(&xml, "  <testsuite ", Counts(name, suite), ">\n");
    for (const proto::ExpectationResult* result : suite.results) {
      absl::StrAppend(&xml, CaseXml(name, *result));
    }
    absl::StrAppend(&xml, "  </testsuite>\n");
  }
  return absl::StrCat(xml, "</testsuites>\n");
}

}  // namespace replsim
