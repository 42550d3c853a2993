// A report's expectations as JUnit XML (junit_xml.h).
#pragma once

#include <string>

#include "protos/report.pb.h"

namespace replsim {

// One suite per variant, with classname `scenario.variant` and the total length of its runs' load
// as its time. Its cases are "no invariant was violated", then one per condition; cases have no
// time of their own. A violated invariant and a condition that did not hold are failures. A
// condition that was not judged is an error, because "skipped" would count as success. A message
// contains the metric, the measured and the expected value, the variant, the seed, and the command
// that repeats the run. A suite has the properties variant, seed, runtime, replsim_version and
// command.
std::string JUnitXml(const proto::Report& report);

}  // namespace replsim
