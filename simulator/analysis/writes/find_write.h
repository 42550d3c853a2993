// Finds one write of a recording by what a person calls it.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/analysis/writes/write_life.h"
#include "simulator/recording/recording.h"

namespace replsim {

// What the search rests on. Keeps references to all of it.
struct KnownWrites {
  const Recording& recording;
  const FinalLog& final_log;
  const Lineages& lineages;
  const Fates& fates;
};

// `which`: an LSN (of the newest epoch that wrote it), a position 3:4211, a key k0713 (the last
// write to it), "lost" (the acknowledged write with the lowest position that was lost), or
// "slowest" (the committed one that took longest). NotFound where the recording has no such write.
absl::StatusOr<WriteRef> FindWrite(const KnownWrites& evidence, absl::string_view which);

// Of an operation that is a write.
WriteRef OfOperation(const KnownWrites& evidence, const Operation& operation);

}  // namespace replsim
