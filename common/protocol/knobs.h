// The knobs that define a replication mode. A mode is a setting of these and nothing else: no code
// depends on the name of a mode. Presets (simulator/scenario/presets) are names for settings.
//
// A node's configuration sets every field (common/config/knob_convert.h). The defaults here apply
// only to code that builds a struct itself, such as tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/base/time.h"

namespace replsim {

// The stages of a write's life, in the order it passes them.
//   append   in the primary's log buffer          replica-receive  in a replica's log buffer
//   write    handed to the primary's kernel       replica-write    handed to a replica's kernel
//   flush    fdatasync returned on the primary    replica-flush    fdatasync returned on a replica
//                                                 replica-apply    readable on a replica
enum class Stage {
  kAppend,
  kWrite,
  kFlush,
  kReplicaReceive,
  kReplicaWrite,
  kReplicaFlush,
  kReplicaApply
};

constexpr bool IsReplicaStage(Stage stage) { return stage >= Stage::kReplicaReceive; }

// Which replicas must reach a replica stage. kMajority counts the primary as one of the cluster.
// kInSync: those of the in-sync set that the primary keeps and publishes (InSyncKnobs).
struct SyncSet {
  enum class Kind { kAny, kFirst, kMajority, kAll, kInSync };
  Kind kind = Kind::kAny;
  uint32_t count = 1;       // K, for kAny and kFirst
  std::vector<NodeId> ids;  // for kFirst, by priority; empty: all replicas, in id order
};

// The in-sync set of a primary (primary/core/in_sync_set.h). Not used by other kinds of sync sets.
struct InSyncKnobs {
  uint32_t size = 0;  // the replicas that the primary wants in the set; 0: every replica
  // A member that has been disconnected or behind for this long leaves the set.
  Nanos leave_after = Millis(10'000);
  // The gates are closed while fewer replicas are in the set, and no member leaves a set that would
  // have fewer without it.
  uint32_t min = 0;
  // How many replicas of the set must have a write; 0: all of them. A smaller set needs all.
  uint32_t acks = 0;
};

// kPrimaryFirst: the primary sends a write after it has passed the stage `send_after` on the
// primary. kReplicasFirst: the primary sends a write at once, but logs and applies it only after
// the sync set has reached `ack_after`.
enum class Order { kPrimaryFirst, kReplicasFirst };

// When a replica may apply. kOnCommit: only up to the commit position that the primary announces.
enum class ReplicaApply { kOnReceive, kOnFlush, kOnCommit };

// The reaction to a gate that is not reached within `timeout`.
//   block    wait indefinitely (the client's deadline makes the outcome unknown)
//   unknown  answer unknown
//   reject   answer unknown for writes in the log, and reject new writes without logging them,
//            until the sync set has caught up
//   degrade  wait for the primary's own log only, until the sync set has caught up; the
//            acknowledgements in this time are marked unprotected
enum class OnTimeout { kBlock, kReject, kUnknown, kDegrade };

// When the log is flushed. kEveryWrite: one flush per write. kEveryBatch: one flush for all writes
// that wait (group commit). kInterval: every `interval`. kOs: never by the node; the kernel writes
// the pages back when it wants.
enum class Sync { kEveryWrite, kEveryBatch, kInterval, kOs };

// When the records that a new primary inherited with its log count as committed. kAtOnce: when it
// begins to lead. kOwnRecord: when a record of its own epoch has passed the gate (Raft, section
// 5.4.2).
enum class TakeOver { kAtOnce, kOwnRecord };

// Whether a promoted replica first applies the records that it has not yet applied, at its usual
// speed, or leads at once and applies them as the primary.
enum class Drain { kApply, kNone };

// Used by a replica while it is promoted and by the primary that it becomes.
struct FailoverKnobs {
  Drain drain = Drain::kApply;
  // The minimum duration of a promotion. Flushing and draining run during this time and may take
  // longer.
  Nanos promotion_time{0};
  // kAtOnce lets a drain apply all flushed records; kOwnRecord limits it to what replica_apply
  // allows.
  TakeOver take_over = TakeOver::kAtOnce;
};

// What a node demands of the candidate that it votes for. kNotBehind: that the candidate's log ends
// no earlier than its own, by epoch and then by LSN (Raft, section 5.4.1). kInSyncSet: that it is a
// member of the in-sync set that the node stores; of a node that stores none, nothing.
// kInSyncQuorum: the same of a node that stores a set, and kNotBehind of one with a log. As many
// other members must vote for the candidate as the set says (PublishedSet::quorum), whether or not
// their votes count.
enum class GrantRule { kNotBehind, kAny, kInSyncSet, kInSyncQuorum };

// Whether a node that was not shut down in order may stand before a primary has published it again.
enum class UncleanRestart { kEligible, kNotEligible };

// Whose votes elect. kWitnesses: those of the witnesses alone. Then the replicas are only asked
// before a candidacy, and an objection prevents it.
enum class Voters { kAll, kWitnesses };

// Whose suspicions count (suspect_together). kAll: those of the replicas and the witnesses.
enum class Observers { kAll, kWitnesses };

// Who starts an election when the primary is suspected. kWitness: a witness, which the witnesses
// elect and which then picks one of the nodes with data.
enum class Initiator { kCandidate, kWitness };

// What a primary does after it has stopped leading. kFollow: it becomes a replica in the same
// process. kWait: it refuses everything until it is restarted.
enum class Rejoin { kFollow, kWait };

// How the nodes elect a primary. Used in both roles.
struct ElectionKnobs {
  // Silence of the primary after which a replica suspects that it is gone. 0: there are no
  // elections, and the other knobs except `rejoin` are not used.
  Nanos suspect_after{0};
  bool pre_vote = true;
  // The observers that must hear no primary before a candidate stands; it counts itself if it is
  // one. kAll: every one that answers the pre-vote. Absent: a node that hears a primary gives no
  // pre-vote. Never kFirst.
  std::optional<SyncSet> suspect_together;
  Observers observers = Observers::kAll;
  Initiator initiator = Initiator::kCandidate;
  // Those that a witness, or a primary with takeover_after, prefers: the first before the others.
  std::vector<NodeId> priority;
  Voters voters = Voters::kAll;
  // The voters whose votes elect a candidate. Counts the candidate, if it votes; never kFirst.
  SyncSet granted_by{SyncSet::Kind::kMajority, 1, {}};
  GrantRule grant_rule = GrantRule::kNotBehind;
  UncleanRestart unclean_restart = UncleanRestart::kEligible;
  // A node whose log is more than this many bytes shorter than the longest one that a primary of
  // the newest known epoch has told does not stand. Absent: there is no limit.
  std::optional<uint64_t> lag_max;
  // With kInSyncSet: how long after its suspicion a node that finds no eligible node, or a witness,
  // lets any node be elected. Absent: never.
  std::optional<Nanos> unclean_after;
  // A primary hands its lead over to a node that comes before it in `priority` and has been
  // connected and nearly caught up for this long. Absent: never.
  std::optional<Nanos> takeover_after;
  // A primary stops leading when fewer nodes than `lose_lead_without` have answered within
  // `lose_lead_after`. Counts the primary; never kFirst. 0: it goes on.
  SyncSet lose_lead_without{SyncSet::Kind::kMajority, 1, {}};
  Nanos lose_lead_after{0};
  // A node votes for no candidate for this long after it has heard the primary, and a primary stops
  // leading lease_margin before too few nodes can be bound to it. 0: there is no lease.
  Nanos lease{0};
  Nanos lease_margin{0};
  Nanos lease_renew{0};  // time between two announcements to the witnesses; 0: heartbeat_interval
  // How long an elected node takes at least until it leads (failover.promotion_time). A node that
  // has voted votes for no other candidate for this long, which would end the promotion.
  Nanos promotion_time{0};
  // After a new primary was heard in place of another one, a node votes for no third one for this
  // long, except at a switchover.
  Nanos quiet_period{0};
  // A primary stops leading when no write or no flush of its log has ended for this long although
  // one is due. 0: it waits.
  Nanos disk_stall_after{0};
  Rejoin rejoin = Rejoin::kWait;
  bool may_lead = true;             // false: this node votes, but never stands
  std::vector<NodeId> never_leads;  // all nodes of which that is true

  bool on() const { return suspect_after > Nanos(0); }
};

// The number of nodes that `set` asks for in a cluster of `nodes`, for knobs that count the node
// itself (granted_by, lose_lead.without).
size_t NodesNeeded(const SyncSet& set, size_t nodes);

struct ReplicationKnobs {
  // The stage that releases the acknowledgement (the ack gate).
  Stage ack_after = Stage::kFlush;
  // The replicas that must reach `ack_after` and `visible_after`, if these are replica stages.
  SyncSet sync_set;
  InSyncKnobs in_sync;
  // The stage after which the primary applies a write, so that readers see it (visibility gate).
  Stage visible_after = Stage::kFlush;
  Order order = Order::kPrimaryFirst;
  ReplicaApply replica_apply = ReplicaApply::kOnReceive;
  // Applies if a gate waits for replicas; otherwise there is no timeout.
  OnTimeout on_timeout = OnTimeout::kBlock;
  // The wait of a write after which on_timeout applies. Not used with kBlock.
  Nanos timeout = Millis(1000);
  // The primary's stage after which a record may be sent; kAppend with kReplicasFirst.
  Stage send_after = Stage::kWrite;
  // Row locks: a write is logged only after the previous write of its key is visible
  // (primary/core/key_locks.h).
  bool serialize_keys = false;
};

// Flushes run on the node's event loop, on a log thread, or in the kernel (io_uring).
enum class IoModel { kBlocking, kThread, kIoUring };

// A node may have other values as a replica than as a primary.
struct DurabilityKnobs {
  Sync sync = Sync::kEveryBatch;
  // For kInterval: the time from the first unflushed write to the flush.
  Nanos interval = Millis(200);
  // For kEveryBatch: the first write that waits for a flush waits this long for others to share it,
  // or until `group_size` writes wait. PostgreSQL: commit_delay (commit_siblings is the number of
  // open transactions below which it does not wait). MySQL: binlog_group_commit_sync_delay and
  // binlog_group_commit_sync_no_delay_count. 0: the flush begins at once.
  Nanos group_delay{0};
  uint32_t group_size = 0;  // 0: only group_delay ends the wait
  IoModel io = IoModel::kThread;
};

// Whether writes are flushed before they are answered. A replica gate also waits for the primary's
// own log. If this is true, it waits until the primary has flushed the write, as PostgreSQL and
// MySQL do. Otherwise it waits until the primary has handed the write to its kernel, as Redis and
// Kafka do.
constexpr bool FlushesBeforeAnswering(Sync sync) {
  return sync == Sync::kEveryWrite || sync == Sync::kEveryBatch;
}

const char* Name(Stage stage);
const char* Name(Order order);
const char* Name(ReplicaApply apply);
const char* Name(OnTimeout policy);
const char* Name(TakeOver take_over);
const char* Name(Sync sync);
std::string ToString(const SyncSet& set);

}  // namespace replsim
