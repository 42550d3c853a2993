// JUnit XML, which continuous-integration systems read: the dialect of testsuites, testsuite,
// testcase, failure and error that Jenkins, GitLab and GitHub's actions share
// (https://github.com/testmoapp/junitxml describes it). What the suites and cases are is for the
// caller to say: a report's expectations (junit.h), an exploration's seeds, a checked history's
// guarantees.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

struct JUnitCase {
  // A failure is something that did not hold; an error, something that could not be judged: skipped
  // would pass for good.
  enum class Outcome { kPassed, kFailure, kError };
  std::string name;
  Outcome outcome = Outcome::kPassed;
  std::string type{};     // of a failure or an error
  std::string message{};  // what CI systems show in their list
  std::string text{};     // and when it is opened
};

struct JUnitSuite {
  std::string name;  // the classname of its cases too
  double seconds = 0;
  std::vector<std::pair<std::string, std::string>>
      properties;  // those with an empty value are left out
  std::vector<JUnitCase> cases;
};

std::string JUnitXml(absl::string_view name, const std::vector<JUnitSuite>& suites);

// For an attribute or a text of XML 1.0: markup escaped, line breaks kept as references, characters
// that XML cannot hold left out, bytes that are not UTF-8 replaced by U+FFFD.
std::string XmlText(absl::string_view text);

}  // namespace replsim
