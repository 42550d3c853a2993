// The log devices of real processes (LogDevice, common/node/node_host.h): one for each value of
// durability.io. They differ in who waits for the disk; what is done with the log is the same
// (log_work.h).
//
//   blocking   the thread that runs the node loop flushes: nothing else happens meanwhile
//   thread     a thread of its own flushes, and runs the loop when it has (log_thread.h)
//   io_uring   the kernel flushes; a thread waits for it to say so (uring_log.h)
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/node/node_host.h"
#include "common/protocol/knobs.h"
#include "common/runtime/log_work.h"
#include "common/storage/log/log.h"

namespace replsim {

// Unavailable where the kernel forbids what is asked for, with what to do. The log outlives it.
absl::StatusOr<std::unique_ptr<LogDevice>> MakeLogDevice(IoModel io, Log& log, LogHooks hooks);

}  // namespace replsim
