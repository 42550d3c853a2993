#include "simulator/report/junit_xml.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/utf8.h"

namespace replsim {
namespace {

// XML 1.0, production 2.
bool IsChar(uint32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

struct JUnitCounts {
  size_t tests = 0;
  size_t failures = 0;
  size_t errors = 0;
  double seconds = 0;

  void Add(const JUnitSuite& suite) {
    for (const JUnitCase& one : suite.cases) {
      ++tests;
      if (one.outcome == JUnitCase::Outcome::kFailure) ++failures;
      if (one.outcome == JUnitCase::Outcome::kError) ++errors;
    }
    seconds += suite.seconds;
  }
  // name="…" tests="3" failures="1" errors="0" skipped="0" time="6.000"
  std::string Attributes(absl::string_view name) const {
    return absl::StrFormat(
        "name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"0\" time=\"%.3f\"",
        XmlText(name), tests, failures, errors, seconds);
  }
};

// A case has no time of its own.
std::string CaseXml(const std::string& classname, const JUnitCase& one) {
  const std::string head =
      absl::StrFormat("    <testcase classname=\"%s\" name=\"%s\" time=\"0.000\"",
                      XmlText(classname), XmlText(one.name));
  if (one.outcome == JUnitCase::Outcome::kPassed) {
    if (one.text.empty()) return head + "/>\n";
    return absl::StrCat(head, ">\n      <system-out>", XmlText(one.text),
                        "</system-out>\n    </testcase>\n");
  }
  const char* const element = one.outcome == JUnitCase::Outcome::kFailure ? "failure" : "error";
  return absl::StrFormat("%s>\n      <%s type=\"%s\" message=\"%s\">%s</%s>\n    </testcase>\n",
                         head, element, XmlText(one.type), XmlText(one.message), XmlText(one.text),
                         element);
}

std::string PropertiesXml(const JUnitSuite& suite) {
  std::string xml;
  for (const auto& [name, value] : suite.properties) {
    if (value.empty()) continue;
    absl::StrAppend(&xml, "      <property name=\"", name, "\" value=\"", XmlText(value), "\"/>\n");
  }
  return xml.empty() ? xml : absl::StrCat("    <properties>\n", xml, "    </properties>\n");
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

std::string JUnitXml(absl::string_view name, const std::vector<JUnitSuite>& suites) {
  JUnitCounts all;
  for (const JUnitSuite& suite : suites) all.Add(suite);
  std::string xml = absl::StrCat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites ",
                                 all.Attributes(name), ">\n");
  for (const JUnitSuite& suite : suites) {
    JUnitCounts own;
    own.Add(suite);
    absl::StrAppend(&xml, "  <testsuite ", own.Attributes(suite.name), ">\n");
    xml += PropertiesXml(suite);
    for (const JUnitCase& one : suite.cases) absl::StrAppend(&xml, CaseXml(suite.name, one));
    absl::StrAppend(&xml, "  </testsuite>\n");
  }
  return absl::StrCat(xml, "</testsuites>\n");
}

}  // namespace replsim
