// Converts the disk settings of a node's configuration and the disk faults of the Control service
// (protos/control.proto) to the types of common/storage.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/rng.h"
#include "common/base/time.h"
#include "common/storage/disk/disk_faults.h"
#include "common/storage/log/log.h"
#include "protos/control.pb.h"

namespace replsim {

// `truncate_corruption`: see LogOptions.
LogOptions ToLogOptions(const proto::Durability& durability, bool truncate_corruption);

// Whether the change affects flushes of the process that runs now (a stall, or a number of flushes
// to fail). Such a change has no effect on a node that is down.
inline bool NeedsRunningProcess(const proto::SetDiskRequest& change) {
  return change.has_flushes_to_fail() || change.has_stall();
}

// Applies `change` to `faults`. Flush delays are drawn from a copy of `rng`. `now` must be on the
// clock that the callers of DiskFaults::ExtraFlushTime use.
void Break(const proto::SetDiskRequest& change, const Rng& rng, Instant now, DiskFaults* faults);

}  // namespace replsim
