// A cluster whose nodes the simulator runs itself, as processes (live/) or in virtual time
// (virtual/). This class holds the policy that both share: epochs (primary_epochs.h), write routing
// (write_router.h), node reports (node_reports.h) and promotion. A subclass provides the nodes, the
// transport and the time.
//
// All calls and callbacks run under the run's scheduler.
#pragma once

#include <vector>

#include "common/protocol/core.h"
#include "protos/control.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/managed/node_reports.h"
#include "simulator/cluster/managed/primary_epochs.h"
#include "simulator/cluster/managed/write_router.h"
#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

class ManagedCluster : public RunCluster {
 public:
  // --- RunCluster ---
  void OnEvent(EventSink sink) final { reports_.OnEvent(std::move(sink)); }

  // --- Cluster ---
  CapabilitySet capabilities() const final { return CapabilitySet::All(); }
  const std::vector<NodeId>& nodes() const final { return nodes_; }
  NodeId primary() const final { return epochs_.primary(); }
  NodeId primary_for(uint64_t client) const final { return router_.PrimaryFor(client); }
  const std::vector<NodeId>& nodes_for(uint64_t client) const final;
  void OnNodeFailed(NodeFailed failed) final { reports_.OnNodeFailed(std::move(failed)); }
  void OnFailpointFired(FailpointFired fired) final { reports_.OnFailpointFired(std::move(fired)); }

 protected:
  // `cluster` is resolved. `scheduler` outlives it.
  ManagedCluster(const proto::Cluster& cluster, Scheduler* scheduler);

  PrimaryEpochs& epochs() { return epochs_; }
  WriteRouter& router() { return router_; }
  NodeReports& reports() { return reports_; }
  const ClientSites& sites() const { return router_.sites(); }

  // Returns the configuration with which `node` starts now. `scenario` is resolved.
  proto::NodeConfig ConfigFor(const proto::Scenario& scenario, const NodeId& node) const;
  // Returns whether the start of the cluster is complete: every replica streams from the primary,
  // which describes itself in `primary`, and the clients of every site are connected to every node.
  bool IsStarted(const CoreDescription& primary) const;
  // How often a subclass polls IsStarted.
  static constexpr Nanos kStartPoll = Millis(5);

  // Promotes `chosen` with a new epoch and tells the other replicas to follow it once it leads.
  // FAILED_PRECONDITION if `chosen` is empty (there is no candidate) or not up. OK also if a
  // promotion with a higher epoch has overtaken this one.
  void PromoteChosen(const NodeId& chosen, Done done);

 private:
  // --- the subclass ---
  // Returns whether the clients of `site` are connected to `node`.
  virtual bool IsConnected(size_t site, const NodeId& node) const = 0;
  // Returns whether `node` is up and not paused.
  virtual bool CanBeTold(const NodeId& node) const = 0;
  // Makes `node` the primary of `epoch` with `followers` as its replicas. Calls `done` when the
  // node leads or the promotion has failed, never inside this call.
  virtual void PromoteNode(const NodeId& node, Epoch epoch, const std::vector<NodeId>& followers,
                           Done done) = 0;
  // Tells `node` to follow `primary`, if `node` can be reached.
  virtual void TellToFollow(const NodeId& node, const NodeId& primary, Epoch epoch) = 0;

  std::vector<NodeId> FollowersOf(const NodeId& promoted) const;

  const std::vector<NodeId> nodes_;
  PrimaryEpochs epochs_;
  WriteRouter router_;
  NodeReports reports_;
};

}  // namespace replsim
