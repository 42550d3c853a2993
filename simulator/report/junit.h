// Expectations as JUnit XML, which continuous-integration systems read: the dialect of
// testsuites, testsuite, testcase, failure and error that Jenkins, GitLab and GitHub's actions
// share (https://github.com/testmoapp/junitxml describes it).
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "protos/report.pb.h"

namespace replsim {

// A suite per variant, its classname `scenario.variant`, its time that of the load of its runs; a
// case "no invariant was violated", then a case per condition; a case takes no time of its own. A
// violated invariant and a condition that did not hold are failures, one that was not judged is an
// error: skipped would pass for good. A message says metric, measured, expected, variant, seed, and
// the command that repeats the run. A suite has the properties variant, seed, runtime,
// replsim_version and command.
std::string JUnitXml(const proto::Report& report);

// For an attribute or a text of XML 1.0: markup escaped, line breaks kept as references, characters
// that XML cannot hold left out, bytes that are not UTF-8 replaced by U+FFFD.
std::string XmlText(absl::string_view text);

}  // namespace replsim
