// What each client saw, held against the order of the final log, over all keys. A read of a key
// shows a stretch of the log: from the write that it saw up to the next write of that key. A client
// that moves through the log, never back, sees
//
// consistent prefix     reads that a position at or after all that the client read before explains
// monotonic writes      each write after all writes of the client that were acknowledged before it
// writes follow reads   each write after everything that the client had read before it
// sequential            reads and own writes, together in the client's order
//
// Positions are those that clients were told; a write that is not in the final log is still before
// or after others by epoch and LSN. Of a client with several operations in flight, what ended
// before an operation began is before it.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Fills consistent_prefix, monotonic_writes, writes_follow_reads and sequential; nothing if the
// final log is not known.
void CheckLogOrder(const Recording& recording, const FinalLog& final_log,
                   proto::RunReport::Consistency* consistency);

}  // namespace replsim
