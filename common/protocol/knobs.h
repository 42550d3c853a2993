// The knobs every replication mode is made of. A mode is a setting of these and nothing else: no
// code asks for a mode by name. Presets (simulator/scenario/presets) are names for settings.
#pragma once

#include <cstdint>
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
struct SyncSet {
  enum class Kind { kAny, kFirst, kMajority, kAll };
  Kind kind = Kind::kAny;
  uint32_t count = 1;       // of kAny and kFirst
  std::vector<NodeId> ids;  // of kFirst: priority order; empty means every replica, in id order
};

// kPrimaryFirst: the primary sends a write once it has passed the stage `send_after` here.
// kReplicasFirst: it logs and applies only after the sync set has reached the replica stage.
enum class Order { kPrimaryFirst, kReplicasFirst };

// When a replica may apply; kOnCommit: only up to the commit position the primary announces.
enum class ReplicaApply { kOnReceive, kOnFlush, kOnCommit };

// What happens when a gate is not reached in time.
//   block    wait for ever (the client's own deadline makes it unknown)
//   unknown  answer unknown
//   reject   answer unknown for what is already in the log, and refuse new writes, which then
//            certainly did not happen, until the sync set has caught up
//   degrade  fall back to the primary's own log until the sync set has caught up; every answer
//            given meanwhile says that it is unprotected
enum class OnTimeout { kBlock, kReject, kUnknown, kDegrade };

// When the log is flushed. kEveryWrite: one flush per write; kEveryBatch: group commit;
// kInterval: every `interval`, answers need not wait; kOs: never by us.
enum class Sync { kEveryWrite, kEveryBatch, kInterval, kOs };

// When what a new primary inherited with its log counts as committed: when it begins to lead, or
// behind a record of its own epoch that has passed the gate (Raft, section 5.4.2).
enum class TakeOver { kAtOnce, kOwnRecord };

// What a replica does with what it has not yet applied when it is promoted: apply it first, at the
// speed at which it applies, or answer at once.
enum class Drain { kApply, kNone };

struct FailoverKnobs {
  Drain drain = Drain::kApply;
  // A promotion takes at least this long, besides flushing and draining.
  Nanos promotion_time{0};
  TakeOver take_over = TakeOver::kAtOnce;
};

struct ReplicationKnobs {
  Stage ack_after = Stage::kFlush;
  SyncSet sync_set;
  Stage visible_after = Stage::kFlush;
  Order order = Order::kPrimaryFirst;
  ReplicaApply replica_apply = ReplicaApply::kOnReceive;
  OnTimeout on_timeout = OnTimeout::kBlock;
  Nanos timeout = Millis(1000);
  // The primary's stage after which a record may be sent; kAppend with kReplicasFirst.
  Stage send_after = Stage::kWrite;
  // A write waits, before it is logged, until the write of its key before it is visible.
  bool serialize_keys = false;
};

// Who flushes: the node's loop itself, a thread, or the kernel (io_uring).
enum class IoModel { kBlocking, kThread, kIoUring };

struct DurabilityKnobs {
  Sync sync = Sync::kEveryBatch;
  Nanos interval = Millis(200);
  // Of kEveryBatch: the first write that waits for a flush waits so long for others to share it, or
  // until `group_size` writes wait (0: no number ends it). PostgreSQL has it as commit_delay (with
  // commit_siblings, the number of open transactions below which it does not wait), MySQL as
  // binlog_group_commit_sync_delay and binlog_group_commit_sync_no_delay_count.
  Nanos group_delay{0};
  uint32_t group_size = 0;
  IoModel io = IoModel::kThread;
};

// Whether a policy flushes without being waited for. Where it does not, a replica gate asks of the
// primary only that the write is with its kernel, as Redis and Kafka do; elsewhere, that it is
// flushed, as PostgreSQL and MySQL do.
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
