// Finds a write of a recording by a name that a user gives.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/analysis/writes/write_life.h"
#include "simulator/recording/recording.h"

namespace replsim {

// The data that the search needs. Keeps references to all of it.
struct KnownWrites {
  const Recording& recording;
  const FinalLog& final_log;
  const LeadershipHistory& leadership_history;
  const Fates& fates;
};

// `which` is one of: an LSN (of the newest epoch that wrote it); a position "3:4211"; a key "k0713"
// (its last write); "lost" (the lost acknowledged write with the lowest position); "slowest" (the
// committed write with the longest latency). NotFound if the recording has no such write.
absl::StatusOr<WriteRef> FindWrite(const KnownWrites& evidence, absl::string_view which);

// `operation` must be a write.
WriteRef OfOperation(const KnownWrites& evidence, const Operation& operation);

}  // namespace replsim
