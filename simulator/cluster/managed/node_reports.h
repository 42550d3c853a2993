// Passes spontaneous changes of a node (start, death, disk failure, failpoint) to the callbacks
// that the run has set. A callback that is not set is skipped.
//
// Single-threaded, under the run's scheduler.
#pragma once

#include <string>
#include <utility>

#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

class NodeReports {
 public:
  void OnEvent(RunCluster::EventSink sink) { events_ = std::move(sink); }
  void OnNodeFailed(Cluster::NodeFailed failed) { node_failed_ = std::move(failed); }
  void OnFailpointFired(Cluster::FailpointFired fired) { fired_ = std::move(fired); }

  // The node is up. Emits STARTED.
  void Started(const NodeId& node, bool as_primary, Instant when);
  // The node was elected and leads `epoch`, which begins after `last`. Emits ELECTED.
  void Elected(const NodeId& node, Epoch epoch, Lsn last, Instant when);
  // The node stopped leading and is a replica now. Emits STEPPED_DOWN.
  void SteppedDown(const NodeId& node, Instant when);
  // The clients behind `clients` have found out that `node` leads. Emits PRIMARY_FOUND.
  void PrimaryFound(const NodeId& node, const NodeId& clients, Instant when);
  // The node died without a fault or a request. Emits EXITED.
  void Died(const NodeId& node, const std::string& why, Instant when);
  // The node ended itself because its disk failed after an injected fault. Returns false if no
  // callback is set.
  bool DiskFailed(const NodeId& node, const std::string& why, Instant when);
  // A failpoint has killed the node, or stopped it (`pause`).
  void FailpointFired(const NodeId& node, bool pause, Instant when);

 private:
  void Emit(proto::RunEvent event, Instant when);

  RunCluster::EventSink events_;
  Cluster::NodeFailed node_failed_;
  Cluster::FailpointFired fired_;
};

}  // namespace replsim
