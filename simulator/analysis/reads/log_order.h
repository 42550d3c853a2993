// Compares what each client saw, over all keys, with the order of the final log. A read of a key
// matches an interval of the log: from the write that it saw to the next write of that key. A
// client that never moves back in the log gets
//
// consistent prefix     each read matches a position at or after everything the client read before
// monotonic writes      each write is after all earlier acknowledged writes of the client
// writes follow reads   each write is after everything the client had read before it
// sequential            reads and own writes move forward together, in the client's order
//
// Positions are those that clients were told. A write that is not in the final log is still ordered
// by epoch and LSN; if a client saw it, it overwrote what was older. For a client with several
// operations in flight, "before" means ended before the operation began.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Sets consistent_prefix, monotonic_writes, writes_follow_reads and sequential. Sets nothing if the
// final log is unknown.
void CheckLogOrder(const Recording& recording, const FinalLog& final_log,
                   proto::RunReport::Consistency* consistency);

}  // namespace replsim
