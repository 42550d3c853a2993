// The stage trace: a record for each advance of a stage of a node (per advance, not per write). The
// file outlives SIGKILL. common/server/loop/stage_recorder writes it, simulator/recording reads it.
// The analysis computes the lag at any instant from these step functions.
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
  // Primary only: records up to `lsn` were sent to `peer`, or the primary learned that `peer` has
  // reached a stage. The time is that of the primary, so it includes the ack delay.
  kSend = 6,
  kPeerReceive = 7,
  kPeerWrite = 8,
  kPeerFlush = 9,
  kPeerApply = 10,
  // Primary only: the witnesses store an in-sync set with `peer`, or one without it for which the
  // gates no longer wait.
  kJoinsSet = 11,
  kLeavesSet = 12,
  // Witness only: tells `peer` to lead `epoch`, which the witnesses elected it to pick.
  kPicks = 15,
  // Events.
  kStarted = 16,       // recovered up to `lsn`; `bytes` is the size of the log
  kLeads = 17,         // became primary: `epoch` begins after `lsn`
  kTruncated = 18,     // the log was truncated to `lsn`; `bytes` is its size
  kFenced = 19,        // learned of `epoch`, which is higher than its own
  kDegraded = 20,      // the sync set fell behind: unprotected answers (degrade), or none (reject)
  kProtected = 21,     // the sync set has caught up
  kConnected = 22,     // stream with `peer` up
  kDisconnected = 23,  // stream with `peer` down
  kFailpoint = 24,     // an armed failpoint fired at `lsn`: the last thing this process did
  kFollows = 25,       // a replica follows the new primary `peer`, and refuses epochs below `epoch`
  // Elections. `epoch` is the one asked for, `lsn` the end of this node's log.
  kSuspects = 26,      // heard no primary for failover.suspect_after; `epoch`: the highest known
  kAsksPreVotes = 27,  // asks whether it would be elected
  kStands = 28,        // votes for itself and asks the others; a witness: to pick the primary
  kVotes = 29,         // has persisted its vote for `peer`
  // Enough nodes have voted for it. On a node with data kLeads follows when it is ready to lead;
  // `peer` is the witness that picked it, which they have voted for, if that is a witness.
  kElected = 30,
  // Led `epoch` and stopped: too few nodes answered (failover.lose_lead), or it was told to.
  kStepsDown = 31,
  // The node may stand again after an unclean shutdown: a primary has published it since.
  kEligible = 34,
  // The node was shut down in order: the last thing this process did.
  kEnds = 35,
  // Witness only: it stores the in-sync set of `epoch` whose version is `lsn`, and `peer` is a
  // member. One record for each member.
  kStores = 36,
  // Primary only: it has answered all its writes, and tells `peer` to stand for election.
  kHandsOver = 37,
  // The node's own I/O. The fields `epoch` and `bytes` of these records have other meanings.
  //
  // A flush of the records up to `lsn` has ended. `bytes`: its duration in ns. `epoch`: the number
  // of 4 KiB blocks it had to write.
  kFlushEnd = 32,
  // The event loop was blocked by its own I/O. `bytes`: ns since the last such record. `epoch`: ns
  // of the longest turn, at most 2^32 - 1. Stalls below 100 µs are summed up until they reach 1 ms.
  kLoopStall = 33,
  // A replica has applied up to `lsn`. `bytes`: its wall clock minus the stamp of that record, in
  // ns, as a signed number.
  kWallLag = 48,
};

struct TraceRecord {
  uint8_t kind = 0;  // TraceKind
  uint8_t reserved = 0;
  uint16_t peer = 0;  // index of the other node in the run's node list, if the kind names one
  uint32_t epoch = 0;
  uint64_t lsn = 0;
  uint64_t bytes = 0;   // own stages, started, leads, truncated: size of the log up to `lsn`
  int64_t time_ns = 0;  // CLOCK_MONOTONIC live, virtual time otherwise; never 0
};
static_assert(sizeof(TraceRecord) == 32);

// Whether the record is about a position in a log, so that `epoch` is an epoch.
constexpr bool HasLogPosition(const TraceRecord& record) {
  return record.kind < static_cast<uint8_t>(TraceKind::kFlushEnd);
}

}  // namespace replsim
