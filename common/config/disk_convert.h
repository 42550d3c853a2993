// What a node is told of its disk, in the words of its configuration and of the Control service.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/rng.h"
#include "common/base/time.h"
#include "common/storage/disk/disk_faults.h"
#include "common/storage/log/log.h"
#include "protos/control.pb.h"

namespace replsim {

// `cut_damage`: LogOptions has it.
LogOptions ToLogOptions(const proto::Durability& durability, bool cut_damage);

// Whether the change is about flushes of the present process: only one that runs can be told.
inline bool IsOfTheMoment(const proto::SetDiskRequest& change) {
  return change.has_flushes_to_fail() || change.has_stall();
}

// `rng`: what delays are drawn from. `now`: by the clock of whoever asks the faults.
void Break(const proto::SetDiskRequest& change, const Rng& rng, Instant now, DiskFaults* faults);

}  // namespace replsim
