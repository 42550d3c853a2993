// A cluster with a beginning and an end: what a run needs of it besides load and faults
// (cluster.h). The same rules: all under the run's Scheduler, and no callback runs inside the call
// that takes it.
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

// What a node says of itself.
struct NodeStatus {
  CoreDescription core;
  uint64_t digest = 0;   // of its store
  std::string recovery;  // what it cut from a torn log when it started; empty: nothing
};
enum class NodeState {
  kDown,
  kStarting,
  kUp,
  kPaused,
  kDying,  // it was killed and is not gone yet; nothing can be done to it any more
};

inline const char* NameOf(NodeState state) {
  constexpr const char* kNames[] = {"down", "starting", "up", "paused", "dying"};
  return kNames[static_cast<size_t>(state)];
}

class RunCluster : public Cluster {
 public:
  // What this kind of cluster is called: "live", "virtual", "redis".
  virtual std::string kind() const = 0;
  // How the recording of this cluster will know its nodes' positions, logs and stages. By default
  // what EvidenceOf derives from the capabilities; a cluster that samples positions says so here.
  virtual proto::Manifest::Evidence evidence() const { return EvidenceOf(capabilities(), nodes()); }

  // Starts, and deaths that nobody asked for.
  using EventSink = absl::AnyInvocable<void(const proto::RunEvent&)>;
  virtual void OnEvent(EventSink sink) = 0;

  virtual void Start(Done done) = 0;  // until every replica streams and clients can ask
  virtual NodeState state(const NodeId& node) const = 0;
  // Asks every node that is up, and waits until each has answered or failed to.
  using Statuses = std::vector<std::pair<NodeId, absl::StatusOr<NodeStatus>>>;
  virtual void Describe(absl::AnyInvocable<void(Statuses)> done) = 0;
  // Every key that the node holds.
  using Scanned = absl::AnyInvocable<void(absl::StatusOr<std::vector<FinalEntry>>)>;
  virtual void Scan(const NodeId& node, Scanned done) = 0;
  // The end: operations in flight end as unknown, and nothing calls back any more.
  virtual void Disconnect() = 0;
};

}  // namespace replsim
