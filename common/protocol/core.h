// A node's protocol as a state machine without I/O: events in, each with its time; effects out; and
// the time it next wants to be woken. Both runtimes run the same cores.
//
// Why not callbacks or threads in here: a core that cannot block, read a clock or call out is one
// that virtual time can run a million times a second, that a test can stop between any two steps,
// and whose every order of events a seed can repeat.
//
// Use: Step() for each event that has arrived, then TakeEffects() once. What arrives together is
// logged and sent together; that is where group commit and batching come from.
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

// What a core can be asked at any time.
struct CoreDescription {
  bool is_primary = false;
  bool fenced = false;
  bool unprotected = false;
  bool disk_full = false;  // what it is to log waits for room
  std::string failure;     // why it stopped; empty: it has not
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

// What a node knows when its core starts: recovered from disk, or handed over at promotion.
struct CoreStart {
  NodeId id;
  Epoch epoch;  // highest one promised to
  EpochHistory history;
  Lsn last;  // the log, written up to here
  Lsn flushed;
  Lsn applied;              // the store
  RequestTable requests{};  // of the whole log
  Lsn committed{};          // known to be past a gate: what the last primary announced
  Lsn first{1};             // of the log
};

class Core {
 public:
  virtual ~Core() = default;
  virtual void Step(Instant now, Event event) = 0;
  virtual Effects TakeEffects() = 0;
  virtual Instant NextTimer() const = 0;  // kNever: none
  // REPL_CHECKs what must hold between any two steps, alone and against the last call.
  virtual void CheckInvariants() = 0;
  virtual CoreDescription Describe() const = 0;
  virtual CoreMetrics Metrics() const = 0;

  // A promotion has two halves. It begins: this core leaves its primary, flushes what it has
  // received, and applies it where failover.drain says so; an error says why it cannot lead `next`.
  virtual absl::Status BeginPromotion(Instant now, Epoch next) = 0;
  enum class Promotion {
    kNone,   // not begun, or given up: the log failed, or a higher epoch has come
    kWaits,  // for the flush, the drain, or the time that a promotion takes
    kReady,  // to hand over
  };
  virtual Promotion promotion() const = 0;
  // The second half, once ready: ends this core in favour of the one that will lead, which starts
  // from what is returned. Last words to waiting clients are appended to `out`.
  virtual CoreStart HandOver(Effects* out) = 0;
};

}  // namespace replsim
