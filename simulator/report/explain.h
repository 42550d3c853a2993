// The life of one write: what every node did with it and when, what its client was told, and what
// it waited for longest.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/report.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// `which` as FindWrite (simulator/analysis/writes/find_write.h) has it: an LSN, a position, a key,
// "lost" or "slowest". First the steps that its answer waited for, as a timeline; then all that is
// known of it, in order of time. Of a lost write also what `promise` says, where it is known.
// NotFound where the recording has no such write.
absl::StatusOr<std::string> ExplainWrite(const Recording& recording, absl::string_view which,
                                         const proto::RunReport::Promise& promise = {});

}  // namespace replsim
