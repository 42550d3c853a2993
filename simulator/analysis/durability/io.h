// What durability costs and what it leaves open, from the stage traces.
//
//   flush        fdatasync of a node's log, from its beginning to the log device knowing its end
//                (kFlushEnd); one that the end of its process cut short is none
//   writes       log records that a node wrote; writes per flush and flushes per write are of these
//   stall        how long a node's loop was kept from other work by its own I/O (kLoopStall), in
//                all and in one turn of the loop. Handing work to another thread, or to the kernel,
//                is part of it; what they do then is not
//   device bytes 4 KiB blocks that flushes touched: each flush writes whole blocks, so one that is
//                touched by many flushes is written many times. Zeros written ahead of the records
//                count, what the file system writes for itself does not
//   amplification   device bytes of the final primary for each byte of keys and values in its log
//   exposure     writes acknowledged (kCommit) and not flushed (kFlush) on their primary: how many,
//                and how long ago the oldest was acknowledged, at every instant of the load at
//                which the leading primary was up
//   unreplicated    the same of writes that no replica has received
//
// Counts and bytes are from when the load began to the end of the run, what follows the load
// included; stalls and exposures are of the load. Absent: the node left no trace.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/durability/exposure.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::RunReport::Io MeasureIo(const Recording& recording, const FinalLog& final_log,
                               const ExposureSummary& exposure);

}  // namespace replsim
