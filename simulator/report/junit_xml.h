// JUnit XML for continuous-integration systems: the dialect of testsuites, testsuite, testcase,
// failure and error that Jenkins, GitLab and GitHub's actions share
// (https://github.com/testmoapp/junitxml describes it). The caller decides the meaning of suites
// and cases: a report's expectations (junit.h), an exploration's seeds, a checked history's
// guarantees.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

struct JUnitCase {
  // kFailure: a condition that did not hold. kError: a condition that could not be judged;
  // "skipped" would count as success.
  enum class Outcome { kPassed, kFailure, kError };
  std::string name;
  Outcome outcome = Outcome::kPassed;
  std::string type{};     // of the failure or error
  std::string message{};  // shown by CI systems in their list
  std::string text{};     // shown when the case is opened; of a passed case: its output
};

struct JUnitSuite {
  std::string name;  // also the classname of its cases
  double seconds = 0;
  std::vector<std::pair<std::string, std::string>>
      properties;  // entries with an empty value are left out
  std::vector<JUnitCase> cases;
};

std::string JUnitXml(absl::string_view name, const std::vector<JUnitSuite>& suites);

// Escapes text for an attribute or element of XML 1.0: markup is escaped, line breaks are kept as
// references, characters that XML does not allow are dropped, and bytes that are not UTF-8 become
// U+FFFD.
std::string XmlText(absl::string_view text);

}  // namespace replsim
