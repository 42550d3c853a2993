// The log devices of real processes (LogDevice, common/node/node_host.h), one for each value of
// durability.io. The log device decides which thread blocks on fsync. The operations on the log are
// the same for all (log_work.h).
//
//   blocking   the thread that runs the event loop flushes, and does nothing else meanwhile
//   thread     a log thread flushes, and then runs the event loop (log_thread.h)
//   io_uring   the kernel flushes; a thread waits for the completion (uring_log.h)
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/node/node_host.h"
#include "common/protocol/knobs.h"
#include "common/server/loop/log_work.h"
#include "common/storage/log/log.h"

namespace replsim {

// Unavailable if the kernel does not allow `io`; the message says how to enable it. `log` must
// outlive the device.
absl::StatusOr<std::unique_ptr<LogDevice>> MakeLogDevice(IoModel io, Log& log, LogHooks hooks);

}  // namespace replsim
