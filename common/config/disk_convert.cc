#include "common/config/disk_convert.h"

#include "common/config/delay.h"

namespace replsim {

LogOptions ToLogOptions(const proto::Durability& durability, bool truncate_corruption) {
  LogOptions options;
  options.truncate_corruption = truncate_corruption;
  const bool retry = durability.on_fsync_error() == proto::RETRY_FLUSH;
  options.on_fsync_error = retry ? OnFsyncError::kRetry : OnFsyncError::kStop;
  return options;
}

void Break(const proto::SetDiskRequest& change, const Rng& rng, Instant now, DiskFaults* faults) {
  if (change.heal()) faults->Heal();
  if (change.has_flush_delay()) {
    faults->SlowFlushes([delay = DelaySampler(change.flush_delay()), rng = Rng(rng)]() mutable {
      return delay.Draw(rng);
    });
  }
  if (change.has_stall()) faults->StallFlushes(now + Nanos(change.stall().ns()));
  if (change.has_flushes_to_fail()) faults->FailFlushes(change.flushes_to_fail());
  if (change.has_bytes_left()) faults->Fill(change.bytes_left());
}

}  // namespace replsim
