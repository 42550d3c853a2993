// The stage trace: what a node writes down whenever one of its stages advances. One record per
// advance, not per write, in a file that outlives SIGKILL (common/server/loop/stage_recorder writes
// it, simulator/recording reads it). Lag at any instant is computed from these step functions
// afterwards.
//
// File format: records back to back, little-endian, no header; a record whose time is 0 ends the
// file (the file is mapped and grown ahead of use). The time is stored last.
#pragma once

#include <cstdint>

namespace replsim {

enum class TraceKind : uint8_t {
  kEnd = 0,
  // This node's own stages. On a replica, append is receive.
  kAppend = 1,
  kWrite = 2,
  kFlush = 3,
  kApply = 4,
  // Primary only: the gate that releases answers has been reached up to `lsn`.
  kCommit = 5,
  // Primary only: `peer` was sent up to `lsn`; and what the primary learned of each of its stages,
  // on the primary's clock (that delay is the ack delay).
  kSend = 6,
  kPeerReceive = 7,
  kPeerWrite = 8,
  kPeerFlush = 9,
  kPeerApply = 10,
  // Events.
  kStarted = 16,       // recovered up to `lsn`; `bytes` is the log's size there
  kLeads = 17,         // became primary: `epoch` begins after `lsn`
  kTruncated = 18,     // the log was cut back to `lsn`; `bytes` is the size there
  kFenced = 19,        // learned of `epoch`, which is higher than its own
  kDegraded = 20,      // the sync set fell behind: unprotected answers (degrade), or none (reject)
  kProtected = 21,     // and has caught up
  kConnected = 22,     // stream with `peer` up
  kDisconnected = 23,  // stream with `peer` down
  kFailpoint = 24,     // an armed failpoint fired at `lsn`: the last thing this process did
  kFollows = 25,       // a replica follows the new primary `peer`, and refuses epochs below `epoch`
  // What the node's own I/O did; what these hold in `epoch` and `bytes` is said here.
  // A flush of what is written up to `lsn` has ended: after `bytes` ns, having had `epoch` blocks
  // of 4 KiB to write.
  kFlushEnd = 32,
  // The loop was kept from other work by its own I/O: `bytes` ns since the last such record, in one
  // turn `epoch` ns at most (the highest number: a single turn, of `bytes`). Times below 100 µs are
  // added up until they are a millisecond.
  kLoopStall = 33,
  // A replica has applied up to `lsn`. `bytes`: its wall clock less the one that stamped that
  // record, in nanoseconds, as a signed number.
  kWallLag = 48,
};

struct TraceRecord {
  uint8_t kind = 0;  // TraceKind
  uint8_t reserved = 0;
  uint16_t peer = 0;  // index of the other node in the run's node list, where the kind names one
  uint32_t epoch = 0;
  uint64_t lsn = 0;
  uint64_t bytes = 0;   // of own stages, started, leads, truncated: size of the log up to `lsn`
  int64_t time_ns = 0;  // CLOCK_MONOTONIC live, virtual time otherwise; never 0
};
static_assert(sizeof(TraceRecord) == 32);

// Whether the record is about a place in a log, so that its epoch is one.
constexpr bool IsOfLog(const TraceRecord& record) {
  return record.kind < static_cast<uint8_t>(TraceKind::kFlushEnd);
}

}  // namespace replsim
