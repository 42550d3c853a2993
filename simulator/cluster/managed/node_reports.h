// What nodes do unasked: they come up, die, lose their storage, or stop at a failpoint. Each is
// told to the callback that the run has set for it.
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

  // The node is up: an event STARTED.
  void Started(const NodeId& node, bool as_primary, Instant when);
  // The node died, but no fault or request ended it: an event EXITED.
  void Died(const NodeId& node, const std::string& why, Instant when);
  // The node has ended itself because its disk, on which a fault was injected, has failed. False:
  // there is no callback for that.
  bool DiskFailed(const NodeId& node, const std::string& why, Instant when);
  // A failpoint has killed the node or (`pause`) stopped it.
  void FailpointFired(const NodeId& node, bool pause, Instant when);

 private:
  void Emit(proto::RunEvent::Kind kind, const NodeId& node, const std::string& detail,
            Instant when);

  RunCluster::EventSink events_;
  Cluster::NodeFailed node_failed_;
  Cluster::FailpointFired fired_;
};

}  // namespace replsim
