// The life of one write: what every node did with it and when, what its client was told, and what
// it waited for longest.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/recording/recording.h"

namespace replsim {

// `which`: an LSN (of the newest epoch that wrote it), a
// position 3:4211, a key k0713 (the last write to it), or
// "lost" (the acknowledged write with the lowest position that was lost). NotFound where the
// recording has no such write.
absl::StatusOr<std::string> ExplainWrite(const Recording& recording, absl::string_view which);

}  // namespace replsim
