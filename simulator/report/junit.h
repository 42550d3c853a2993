// A report's expectations as JUnit XML (junit_xml.h).
#pragma once

#include <string>

#include "protos/report.pb.h"

namespace replsim {

// A suite per variant, its classname `scenario.variant`, its time that of the load of its runs; a
// case "no invariant was violated", then a case per condition; a case takes no time of its own. A
// violated invariant and a condition that did not hold are failures, one that was not judged is an
// error: skipped would pass for good. A message says metric, measured, expected, variant, seed, and
// the command that repeats the run. A suite has the properties variant, seed, runtime,
// replsim_version and command.
std::string JUnitXml(const proto::Report& report);

}  // namespace replsim
