// Anomalies of reads: stale reads, reads of writes that do not exist in the end, and violations of
// read-your-writes and monotonic reads. The definitions:
//
// failed        The client got no value: the node refused or could not be reached, or the deadline
//               passed.
// stale         A write to the key had been acknowledged before the read was invoked, at a position
//               newer than the one read. A lost write of another client counts only until a newer
//               epoch began; from then on it is a lost write, not a missed one. A write of the same
//               client always counts, so every read-your-writes violation is a stale read.
// staleness     Of a stale read: the time since the oldest write that it missed was acknowledged.
// missing lost  The read missed an acknowledged write that is not in the final log, whatever the
//               client and epoch of that write. It may be a stale read too.
// phantom       The position read is not in the final log: the client saw a value that was later
//               lost, whether or not its write had been acknowledged.
// read-your-writes
//               A client had a write to the key acknowledged, and reads an older position or no
//               value. The loss of the write does not excuse the read.
// monotonic     A client reads an older position of a key than it had read before.
//
// Positions compare by epoch, then by LSN. "Before" means completed before the other was invoked.
// Operations of different clients at equal instants are concurrent; within one client, the order of
// its operations decides.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/reads/staleness.h"
#include "simulator/analysis/reads/witness_picture.h"
#include "simulator/recording/recording.h"

namespace replsim {

// If no read was answered, only what concerns writes is set. `stale` comes from FindStaleReads.
// `witness`, unless null, receives the drawing that shows why the run is not linearizable; it is
// empty if the run is linearizable.
proto::RunReport::Consistency CheckConsistency(const Recording& recording,
                                               const LeadershipHistory& leadership_history,
                                               const FinalLog& final_log, StaleReads stale,
                                               WitnessPicture* witness = nullptr);

}  // namespace replsim
