// What the load and the faults need of any cluster: real processes (live/), virtual time
// (virtual/), or another system. A cluster overrides what its capabilities name (capabilities.h).
// The default implementations are never called: a scenario that needs a missing capability is
// refused.
//
// All calls and callbacks happen under the run's Scheduler. A callback never runs inside the call
// that takes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/ids.h"
#include "common/base/time.h"
#include "protos/control.pb.h"
#include "protos/scenario.pb.h"
#include "protos/types.pb.h"
#include "simulator/cluster/seam/capabilities.h"

namespace replsim {

// How one client operation ended. served_by is empty where no node answered.
struct OperationResult {
  proto::Outcome outcome = proto::UNKNOWN;
  proto::Reason reason = proto::NONE;
  // Of the write; of a read: of the write that was read, 0:0 if the key had none. Absent: the
  // cluster does not state positions (Capability::kPositions).
  std::optional<Position> position = Position();
  bool unprotected = false;
  std::optional<std::string> value{};  // of a read that found its key, as the node stored it
  NodeId served_by;
  Instant served_at = kNever;  // when that node did; kNever live, where this side cannot know
};
using OperationDone = absl::AnyInvocable<void(OperationResult)>;

enum class ReadMode { kAny, kAtPosition, kPrimary };

// What a directed link is set to; by default it holds nothing back.
struct LinkSpec {
  proto::Delay delay;
  Nanos jitter{0};
  uint64_t bits_per_second = 0;  // 0: no limit
  double loss = 0;               // probability that a packet is lost and sent again
};
// Of a proto::Link or of a set-link fault: they name the same fields.
template <class Settings>
LinkSpec LinkSpecOf(const Settings& settings) {
  return {settings.delay(), Nanos(settings.jitter().ns()), settings.bandwidth().bits_per_second(),
          settings.loss()};
}

// A failpoint to arm: see docs/formats.md for the names. Exactly one of hit and lsn is not 0.
struct FailpointSpec {
  std::string point;
  uint64_t hit = 0;
  uint64_t lsn = 0;
  bool pause = false;  // SIGSTOP instead of SIGKILL
};

class Cluster {
 public:
  using Done = absl::AnyInvocable<void(absl::Status)>;
  virtual ~Cluster() = default;

  virtual CapabilitySet capabilities() const = 0;

  // --- the load ---
  // To whoever leads, as far as this side knows. Ends by `deadline` at the latest: UNKNOWN/DEADLINE
  // if it was sent, REJECTED/UNREACHABLE if it never was.
  virtual void Write(uint64_t client, uint64_t sequence, absl::string_view key,
                     absl::string_view value, Instant deadline, OperationDone done) = 0;
  // The same for a ticket: PENDING, with the position that the write was given; or COMMITTED, where
  // the request came before and is done.
  virtual void Submit(uint64_t client, uint64_t sequence, absl::string_view key,
                      absl::string_view value, Instant deadline, OperationDone done);
  // Asks whoever leads what has become of it: PENDING (never if `watch`), COMMITTED, LOST; anything
  // else says only that it is not known now. Where there is nobody to ask, that is told at once.
  virtual void AskTicket(uint64_t client, Position ticket, bool watch, Instant deadline,
                         OperationDone done);
  virtual void Read(uint64_t client, const NodeId& node, absl::string_view key, ReadMode mode,
                    Position at_least, Instant deadline, OperationDone done) = 0;
  virtual NodeId primary() const = 0;                    // who came to lead last
  virtual const std::vector<NodeId>& nodes() const = 0;  // p, r1, … rN
  // Whom this client writes to, and whom it may read from: where clients sit at several sites
  // (client_sites.h), those of its own.
  virtual NodeId primary_for(uint64_t /*client*/) const { return primary(); }
  virtual const std::vector<NodeId>& nodes_for(uint64_t /*client*/) const { return nodes(); }

  // --- the faults ---
  virtual void Kill(const NodeId& node, Done done);
  // Kills the node, if it runs, and drops what is on the wire to and from it, in both directions:
  // the other ends of its connections see a reset at once. What its kernel had stays on its disk.
  virtual void LoseHost(const NodeId& node, Done done);
  // Of a node that is down, as a replica if somebody else leads. FailedPrecondition: it runs.
  virtual void Restart(const NodeId& node, Done done);
  virtual void Pause(const NodeId& node, Done done);
  virtual void Resume(const NodeId& node, Done done);
  // An empty node means best (promotion_choice.h).
  virtual void Promote(const NodeId& node, Done done);
  virtual void SetLink(const NodeId& from, const NodeId& to,
                       LinkSpec spec);  // "client" is a node here
  virtual void CutLink(const NodeId& from, const NodeId& to);
  // Uncuts; what it is set to stays.
  virtual void HealLink(const NodeId& from, const NodeId& to);
  // Kills the node, if it runs, and cuts its files back to what had been flushed; with a seed, to
  // a random part more. Answers how many bytes of data were lost.
  using PowerLost = absl::AnyInvocable<void(absl::StatusOr<uint64_t> lost_bytes)>;
  virtual void LosePower(const NodeId& node, std::optional<uint64_t> torn_seed, PowerLost done);
  // What is wrong with the node's disk from now on; it stays so over a restart, but for flushes
  // that were still to fail.
  virtual void SetDisk(const NodeId& node, const proto::SetDiskRequest& change, Done done);
  // In the log of a node, running or not; LSN 0: in a record drawn by the seed. Answers where.
  struct BitFlipped {
    std::string where;
    Lsn lsn;
  };
  virtual void FlipBit(const NodeId& node, Lsn lsn, uint64_t seed,
                       absl::AnyInvocable<void(absl::StatusOr<BitFlipped>)> done);
  // Called when a node whose disk was broken has ended itself for that.
  using NodeFailed =
      absl::AnyInvocable<void(const NodeId& node, const std::string& why, Instant when)>;
  virtual void OnNodeFailed(NodeFailed failed);
  virtual void SetApplyDelay(const NodeId& node, Nanos per_entry, Done done);
  virtual void ArmFailpoint(const NodeId& node, FailpointSpec spec, Done done);
  // Called once when `node` has died or (pause) been stopped by a failpoint that was armed on it.
  using FailpointFired = absl::AnyInvocable<void(const NodeId& node, bool pause, Instant when)>;
  virtual void OnFailpointFired(FailpointFired fired);
  // Breaks every connection between the two, whoever dialled; what is on its way is lost.
  virtual void ResetLink(const NodeId& a, const NodeId& b);
  // The node runs for this share of every DutyCycle::kPeriod (duty_cycle.h); 1: all the time. Holds
  // over a restart, as does the clock below.
  virtual void SetShare(const NodeId& node, double share, Done done);
  // From now on the node's wall clock is ahead by so much, and gains `drift` of every second.
  virtual void SetWallClock(const NodeId& node, Nanos ahead, double drift, Done done);
};

}  // namespace replsim
