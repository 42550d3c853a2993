// The comments of the protos that make a scenario (scenario, workload, knobs), which descriptors do
// not contain at run time. The files are built into the program and parsed for `replsim schema`.
// Pure.
#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

// The texts of the files (generated; see simulator/CMakeLists.txt).
extern const char kKnobsProto[];
extern const char kWorkloadProto[];
extern const char kScenarioProto[];

// Selects whether a comment behind a declaration is its description if there is none above it. In
// report.proto it is; in scenario.proto it is a note for readers of the file.
enum class Trailing { kSkip, kRead };

// Returns the comment of every message, field, enum and enum value that has one, by its name below
// the package: "Workload.arrival", "Arrival.Closed.think", "TimeoutPolicy.BLOCK". Lines are joined.
std::map<std::string, std::string> CommentsOf(absl::string_view proto_text,
                                              Trailing trailing = Trailing::kSkip);
// Returns the comments of both files.
std::map<std::string, std::string> ScenarioComments();

}  // namespace replsim
