// A node's protocol as a state machine without I/O. Input: events, each with its time. Output:
// effects, and the time of the next timer. Live runs and virtual time use the same cores.
//
// A core never blocks, reads a clock or calls out. Therefore virtual time can run a million steps a
// second, a test can stop between any two steps, and a seed can repeat any order of events.
//
// Use: call Step() for each event that has arrived, then TakeEffects() once. Events that arrive
// together are logged and sent together, which gives group commit and batching. Single-threaded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/core_metrics.h"
#include "common/protocol/effects.h"
#include "common/protocol/events.h"
#include "common/storage/log/epoch_history.h"
#include "common/storage/store/request_table.h"

namespace replsim {

// A snapshot of a core's state.
struct CoreDescription {
  bool is_primary = false;
  bool fenced = false;
  bool unprotected = false;
  bool disk_full = false;  // appends wait for disk space
  bool unclean = false;    // CoreStart::unclean, and no primary has published this node since
  std::string failure;     // why the core stopped; empty: it runs
  Epoch epoch;
  Position append;  // end of the log; its epoch is the record's
  Lsn write;
  Lsn flush;
  Lsn apply;
  Lsn commit;
  NodeId following;
  uint64_t truncated_entries = 0;
  struct Peer {
    NodeId id;
    bool streaming = false;
    Lsn receive, write, flush, apply;
  };
  std::vector<Peer> peers;
};

// The state with which a core starts: recovered from disk, or handed over by the core before it.
struct CoreStart {
  NodeId id;
  Epoch epoch;  // highest epoch that the node has persisted
  EpochHistory history;
  Lsn last;                 // end of the log; all of it is written
  Lsn flushed;              // end of the flushed part of the log
  Lsn applied;              // by the store
  RequestTable requests{};  // of the whole log
  Lsn committed{};          // the commit position that the last primary announced
  Lsn first{1};             // of the log
  // The first number for streams that the core dials. Lower numbers belong to earlier cores of this
  // process, whose streams may still end.
  StreamId next_stream{1};
  NodeId voted_for{};  // in `epoch`; empty: for none
  Instant
      elected_at{};  // when it asked for the votes that elected it; the zero instant: it did not
  NodeId primary{};  // a primary of a higher epoch that fenced this node; empty: not known
  // The newest in-sync set that is known: on a witness the one it stores, on an elected primary the
  // newest one of its voters.
  PublishedSet in_sync{};
  // The node was not shut down in order, so it may lack what it had reported. Until a primary has
  // published it again, it is not eligible (failover.unclean_restart). A node that leads is clean:
  // its log is the one that counts.
  bool unclean = false;
  uint64_t log_bytes = 0;  // encoded size of all records of the log
};

class Core {
 public:
  virtual ~Core() = default;
  virtual void Step(Instant now, Event event) = 0;
  virtual Effects TakeEffects() = 0;
  virtual Instant NextTimer() const = 0;  // kNever: none
  // REPL_CHECKs the invariants of the state, and of the changes since the last call.
  virtual void CheckInvariants() = 0;
  virtual CoreDescription Describe() const = 0;
  virtual CoreMetrics Metrics() const = 0;

  // Stops leading at once, as if too few nodes had answered (failover.lose_lead). The error,
  // FailedPrecondition, says why this core cannot.
  virtual absl::Status GiveUpLead(Instant) {
    return absl::FailedPreconditionError("this node does not lead");
  }

  // A change of role has two steps: it begins, and when role_change() is kReady, HandOver ends it.
  //
  // Begins a promotion: this core leaves its primary, flushes the records it has received, and, if
  // failover.drain is apply, applies them. The error, FailedPrecondition, says why this core cannot
  // lead epoch `next`.
  virtual absl::Status BeginPromotion(Instant now, Epoch next) = 0;
  // Begins a demotion, which is possible for a fenced primary only. The error, FailedPrecondition,
  // says why this core cannot be demoted.
  virtual absl::Status BeginDemotion() = 0;
  enum class RoleChange {
    kNone,   // not begun, or given up because the log failed or a higher epoch appeared
    kWaits,  // for the log, the store, or failover.promotion_time
    kReady,  // for HandOver
  };
  virtual RoleChange role_change() const = 0;
  // Ends this core. Returns the state with which the core of the other role starts, without the
  // request table; the caller adds the table for a core that leads. Last answers to waiting clients
  // are appended to `out`.
  virtual CoreStart HandOver(Effects* out) = 0;
};

}  // namespace replsim
