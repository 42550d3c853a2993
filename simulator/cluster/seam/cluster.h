// The interface that the load and the faults need of any cluster: real processes (live/), virtual
// time (virtual/), or another system. A cluster overrides the calls that its capabilities cover
// (capabilities.h). The default implementations are never reached, because a scenario that needs a
// missing capability is refused.
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
#include "common/storage/store/command.h"
#include "protos/control.pb.h"
#include "protos/scenario.pb.h"
#include "protos/types.pb.h"
#include "simulator/cluster/seam/capabilities.h"

namespace replsim {

// How one client operation ended. `served_by` is empty if no node answered.
struct OperationResult {
  proto::Outcome outcome = proto::UNKNOWN;
  proto::Reason reason = proto::NONE;
  // Position of the write; for a read, position of the write that it returned, 0:0 if the key had
  // none. Absent if the cluster states no positions (Capability::kPositions).
  std::optional<Position> position = Position();
  bool unprotected = false;
  bool took_effect = true;  // false: compare-and-set or append that changed nothing
  // read value as the node stored it; absent for a write or a missing key
  std::optional<std::string> value{};
  NodeId served_by;
  // when the node served it; kNever on a live cluster, which cannot know
  Instant served_at = kNever;
};
using OperationDone = absl::AnyInvocable<void(OperationResult)>;

enum class ReadMode { kAny, kAtPosition, kPrimary };

// Settings of a directed link. The default passes everything at once.
struct LinkSpec {
  // One-way delay, drawn per segment; default 0.
  proto::Delay delay;
  // Upper bound of a uniform extra delay per segment; default 0.
  Nanos jitter{0};
  uint64_t bits_per_second = 0;  // bandwidth; 0 is no limit
  double loss = 0;  // probability that a packet is lost and retransmitted, 0 to 1; default 0
};
// Accepts a proto::Link or a set-link fault, which name the fields alike.
template <class Settings>
LinkSpec LinkSpecOf(const Settings& settings) {
  return {settings.delay(), Nanos(settings.jitter().ns()), settings.bandwidth().bits_per_second(),
          settings.loss()};
}

// A failpoint to arm. docs/formats.md lists the names. Exactly one of `hit` and `lsn` is nonzero.
struct FailpointSpec {
  std::string point;
  // Fires at the n-th time the point is reached, counting from 1.
  uint64_t hit = 0;
  // Fires when the point is reached for this LSN.
  uint64_t lsn = 0;
  bool pause = false;  // SIGSTOP instead of SIGKILL
};

class Cluster {
 public:
  using Done = absl::AnyInvocable<void(absl::Status)>;
  virtual ~Cluster() = default;

  virtual CapabilitySet capabilities() const = 0;

  // --- the load ---
  // Writes to the primary that the client knows. Ends by `deadline`: UNKNOWN/DEADLINE if the write
  // was sent, REJECTED/UNREACHABLE if it never was.
  virtual void Write(uint64_t client, uint64_t sequence, absl::string_view key,
                     absl::string_view value, Instant deadline, OperationDone done) = 0;
  // Like Write, for a command of any kind. The strings are copied.
  virtual void Execute(const Command& command, Instant deadline, OperationDone done);
  // Like Write, but returns a ticket: PENDING with the position of the write. COMMITTED if the same
  // request was already applied.
  virtual void Submit(uint64_t client, uint64_t sequence, absl::string_view key,
                      absl::string_view value, Instant deadline, OperationDone done);
  // Asks the primary for the fate of a ticket: PENDING (never if `watch`), COMMITTED or LOST. Any
  // other outcome means "unknown for now". If no primary is connected, completes at once with
  // UNREACHABLE.
  virtual void AskTicket(uint64_t client, Position ticket, bool watch, Instant deadline,
                         OperationDone done);
  virtual void Read(uint64_t client, const NodeId& node, absl::string_view key, ReadMode mode,
                    Position at_least, Instant deadline, OperationDone done) = 0;
  virtual NodeId primary() const = 0;                    // the node that became the primary last
  virtual const std::vector<NodeId>& nodes() const = 0;  // p, r1, … rN
  // w1, … wN: they vote and hold no data, so clients and final reads do not use them.
  virtual const std::vector<NodeId>& witnesses() const;
  // Every end of a link: the nodes, the witnesses, and the places of clients ("client").
  virtual std::vector<NodeId> link_ends() const { return nodes(); }
  // The primary and the nodes that this client uses. They differ from primary() and nodes() only if
  // clients sit at several sites (client_sites.h).
  virtual NodeId primary_for(uint64_t /*client*/) const { return primary(); }
  virtual const std::vector<NodeId>& nodes_for(uint64_t /*client*/) const { return nodes(); }

  // --- the faults ---
  virtual void Kill(const NodeId& node, Done done);
  // Kills the node if it runs, and drops everything in flight to and from it: its peers see a
  // connection reset at once. Data that its kernel had received stays on its disk.
  virtual void LoseHost(const NodeId& node, Done done);
  // Starts a node that is down, as a replica if another node leads. FAILED_PRECONDITION if it runs.
  virtual void Restart(const NodeId& node, Done done);
  virtual void Pause(const NodeId& node, Done done);
  virtual void Resume(const NodeId& node, Done done);
  // An empty `node` means `best` (promotion_choice.h).
  virtual void Promote(const NodeId& node, Done done);
  // The primary hands its lead over to `node`; empty: to the first replica that has everything.
  virtual void SwitchOver(const NodeId& node, Done done);
  // The primary `node` stops leading at once, without a successor. FAILED_PRECONDITION if it does
  // not lead.
  virtual void Demote(const NodeId& node, Done done);
  virtual void SetLink(const NodeId& from, const NodeId& to,
                       LinkSpec spec);  // "client" is a node here
  virtual void CutLink(const NodeId& from, const NodeId& to);
  // Ends a partition. The settings of SetLink remain.
  virtual void HealLink(const NodeId& from, const NodeId& to);
  // Kills the node if it runs, and truncates its files to what has been flushed. With `torn_seed`,
  // a random part of the unflushed data survives. Answers how many bytes were lost.
  using PowerLost = absl::AnyInvocable<void(absl::StatusOr<uint64_t> lost_bytes)>;
  virtual void LosePower(const NodeId& node, std::optional<uint64_t> torn_seed, PowerLost done);
  // Sets the faults of the node's disk. They survive a restart, except flush failures that have not
  // fired.
  virtual void SetDisk(const NodeId& node, const proto::SetDiskRequest& change, Done done);
  // Flips a bit in the log of a node, whether it runs or not. LSN 0: in a record drawn by `seed`.
  // Answers the location.
  struct BitFlipped {
    std::string where;
    Lsn lsn;
  };
  virtual void FlipBit(const NodeId& node, Lsn lsn, uint64_t seed,
                       absl::AnyInvocable<void(absl::StatusOr<BitFlipped>)> done);
  // Called when a node whose disk has an injected fault has ended itself because of it.
  using NodeFailed =
      absl::AnyInvocable<void(const NodeId& node, const std::string& why, Instant when)>;
  virtual void OnNodeFailed(NodeFailed failed);
  virtual void SetApplyDelay(const NodeId& node, Nanos per_entry, Done done);
  virtual void ArmFailpoint(const NodeId& node, FailpointSpec spec, Done done);
  // Called once when a failpoint armed on `node` has killed it, or stopped it (`pause`).
  using FailpointFired = absl::AnyInvocable<void(const NodeId& node, bool pause, Instant when)>;
  virtual void OnFailpointFired(FailpointFired fired);
  // Resets every connection between the two nodes, in either direction of dialling. Data in flight
  // is lost.
  virtual void ResetLink(const NodeId& a, const NodeId& b);
  // The node runs for this share of every DutyCycle::kPeriod (duty_cycle.h); 1 is the whole
  // processor. Survives a restart, as SetWallClock does.
  virtual void SetShare(const NodeId& node, double share, Done done);
  // Sets the node's wall clock ahead by `ahead`; from now on it gains `drift` seconds per second.
  // Negative values mean behind and losing.
  virtual void SetWallClock(const NodeId& node, Nanos ahead, double drift, Done done);
};

}  // namespace replsim
