// The interface that a run needs besides load and faults (cluster.h): start, status, final scan and
// end. The rules of cluster.h apply: everything happens under the run's Scheduler, and no callback
// runs inside the call that takes it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/protocol/core.h"
#include "protos/recording.pb.h"
#include "simulator/cluster/seam/cluster.h"
#include "simulator/cluster/seam/evidence.h"
#include "simulator/recording/final_state.h"

namespace replsim {

// A node's description of itself.
struct NodeStatus {
  CoreDescription core;
  uint64_t digest = 0;   // of its store
  std::string recovery;  // what it truncated from a torn log at its start; empty if nothing
};
enum class NodeState {
  kDown,
  kStarting,
  kUp,
  kPaused,
  kDying,  // killed but not gone yet; no action is possible
};

inline const char* NameOf(NodeState state) {
  constexpr const char* kNames[] = {"down", "starting", "up", "paused", "dying"};
  return kNames[static_cast<size_t>(state)];
}

// The detail of an event EXITED begins with this if somebody else killed the node.
inline constexpr char kKilledFromOutside[] = "killed from outside";

class RunCluster : public Cluster {
 public:
  // The name of this kind of cluster: "live", "virtual", "redis".
  virtual std::string kind() const = 0;
  // How the recording will know its nodes' positions, logs and stages. The default follows from the
  // capabilities; a cluster that samples positions overrides it.
  virtual proto::Manifest::Evidence evidence() const { return EvidenceOf(capabilities(), nodes()); }

  // Receives starts, and deaths that no fault or request caused.
  using EventSink = absl::AnyInvocable<void(const proto::RunEvent&)>;
  virtual void OnEvent(EventSink sink) = 0;

  // done when every replica streams and every client is connected
  virtual void Start(Done done) = 0;
  virtual NodeState state(const NodeId& node) const = 0;
  // Asks every node that is up; completes when each has answered or failed to.
  using Statuses = std::vector<std::pair<NodeId, absl::StatusOr<NodeStatus>>>;
  virtual void Describe(absl::AnyInvocable<void(Statuses)> done) = 0;
  // Receives every key that the node holds.
  using Scanned = absl::AnyInvocable<void(absl::StatusOr<std::vector<FinalEntry>>)>;
  virtual void Scan(const NodeId& node, Scanned done) = 0;
  // Ends the run: operations in flight end as unknown, and no callback runs afterwards.
  virtual void Disconnect() = 0;
};

}  // namespace replsim
