// What the reads saw: stale reads, reads of writes that never came to be, and whether each client
// saw its own writes and never went back. The definitions:
//
// stale        a write to the key had been acknowledged before the read was invoked, at a position
//              newer than the one read. A lost write of another client counts until a newer epoch
//              began: from then on it is a lost write, not a missed one. One of the same client
//              counts always, so every read-your-writes violation is a stale read
// staleness    of a stale read: how long before it the oldest write it missed was acknowledged
// missing lost such a write, of whichever client and epoch, is not in the final log. Some of these
//              reads are stale as well; the others are what stale leaves out
// phantom      the position read is not in the final log: the value was seen, and then never
//              existed
// read-your-writes  a client had a write to the key acknowledged, and reads an older position or
//              nothing. Losing the write does not excuse it
// monotonic    a client reads an older position of a key than it had read before
//
// Positions compare by epoch, then LSN; "before" means completed before the other was invoked.
// Equal instants are concurrent between clients; within one client, the order of its operations
// decides.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/reads/staleness.h"
#include "simulator/analysis/reads/witness_picture.h"
#include "simulator/recording/recording.h"

namespace replsim {

// `stale` as FindStaleReads found them. `witness`, unless null: why the run is not linearizable;
// empty if it is.
proto::RunReport::Consistency CheckConsistency(const Recording& recording, const Lineages& lineages,
                                               const FinalLog& final_log, StaleReads stale,
                                               WitnessPicture* witness = nullptr);

}  // namespace replsim
