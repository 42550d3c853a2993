// I/O cost of durability and the writes at risk, computed from the stage traces.
//
//   flush        one fdatasync of a node's log, from its start until the log device knows its end
//                (kFlushEnd). A flush cut short by the end of the process does not count
//   writes       log records that a node wrote; the base of writes per flush and flushes per write
//   stall        time for which a node's event loop was blocked by its own I/O (kLoopStall): the
//                total, and the longest turn of the loop. Handing work to another thread or to the
//                kernel counts; the work done there does not
//   device bytes 4 KiB blocks that flushes touched. Each flush writes whole blocks, so a block
//                touched by many flushes counts each time. Zeros written ahead of the records
//                count; the file system's own metadata does not
//   amplification   device bytes of the final primary per byte of keys and values in its log
//   exposure     writes acknowledged (kCommit) but not flushed (kFlush) on their primary: their
//                number, and the age of the oldest acknowledgement among them, at every instant of
//                the load at which the leading primary was up
//   unreplicated    the number of acknowledged writes that no replica has received, likewise
//
// Counts and bytes run from the start of the load to the end of the run, which includes the time
// after the load. Stalls and exposures cover the load only. A node without a trace has no values.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/durability/exposure.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::RunReport::Io MeasureIo(const Recording& recording, const FinalLog& final_log,
                               const ExposureSummary& exposure);

}  // namespace replsim
