// The comments of protos/scenario.proto and protos/knobs.proto, which descriptors do not carry at
// run time. The files are built into the program; this reads them for `replsim schema`.
#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

// The texts of the two files (generated: see simulator/CMakeLists.txt).
extern const char kKnobsProto[];
extern const char kScenarioProto[];

// Whether a comment behind a declaration counts as its description if there is none above it. In
// report.proto it is one; in scenario.proto it is a note for those who read the file.
enum class Trailing { kSkip, kRead };

// Of every message, field, enum and enum value that has one, by its name below the package:
// "Workload.arrival", "Arrival.Closed.think", "TimeoutPolicy.BLOCK". Lines are joined.
std::map<std::string, std::string> CommentsOf(absl::string_view proto_text,
                                              Trailing trailing = Trailing::kSkip);
// Of both files.
std::map<std::string, std::string> ScenarioComments();

}  // namespace replsim
