// Explains one write: its stages on every node with times, the answer to its client, and the step
// that it waited for longest.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/report.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// `which` is as in FindWrite (simulator/analysis/writes/find_write.h): an LSN, a position, a key,
// "lost" or "slowest". The text has the critical path as a timeline, then all moments in order of
// time. For a lost write it adds what `promise` states, if known. NotFound if the recording has no
// such write.
absl::StatusOr<std::string> ExplainWrite(const Recording& recording, absl::string_view which,
                                         const proto::RunReport::Promise& promise = {});

}  // namespace replsim
