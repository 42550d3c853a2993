// Converts a flipped bit of the disk model to the answer of Cluster::FlipBit.
#pragma once

#include "absl/strings/str_cat.h"
#include "common/storage/disk/bit_flip.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

inline absl::StatusOr<Cluster::BitFlipped> ToBitFlipped(const absl::StatusOr<FlippedBit>& bit) {
  if (!bit.ok()) return bit.status();
  return Cluster::BitFlipped{absl::StrCat(bit->path, " at offset ", bit->offset), bit->lsn};
}

}  // namespace replsim
