// A cluster whose nodes the simulator runs itself, as processes (live/) or in virtual time
// (virtual/). This class holds the policy that both share: epochs (primary_epochs.h), write routing
// (write_router.h, primary_lookup.h), node reports (node_reports.h) and promotion. A subclass
// provides the nodes, the transport and the time.
//
// If the nodes elect their primary (failover.suspect_after), this class only watches who leads. A
// promotion then tells a replica to stand for election at once.
//
// All calls and callbacks run under the run's scheduler.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/base/rng.h"
#include "common/protocol/core.h"
#include "protos/control.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/managed/node_reports.h"
#include "simulator/cluster/managed/primary_epochs.h"
#include "simulator/cluster/managed/primary_lookup.h"
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
  const std::vector<NodeId>& witnesses() const final { return witnesses_; }
  std::vector<NodeId> link_ends() const final;
  NodeId primary() const final { return epochs_.primary(); }
  NodeId primary_for(uint64_t client) const final { return router_.PrimaryFor(client); }
  const std::vector<NodeId>& nodes_for(uint64_t client) const final;
  void SwitchOver(const NodeId& node, Done done) final;
  void Demote(const NodeId& node, Done done) final;
  void OnNodeFailed(NodeFailed failed) final { reports_.OnNodeFailed(std::move(failed)); }
  void OnFailpointFired(FailpointFired fired) final { reports_.OnFailpointFired(std::move(fired)); }

  // The nodes and then the witnesses: everything that runs.
  const std::vector<NodeId>& everyone() const { return everyone_; }

 protected:
  // `scenario` is resolved. `scheduler` outlives the cluster.
  ManagedCluster(const proto::Scenario& scenario, Scheduler* scheduler, const Rng& rng);

  PrimaryEpochs& epochs() { return epochs_; }
  WriteRouter& router() { return router_; }
  NodeReports& reports() { return reports_; }
  const ClientSites& sites() const { return router_.sites(); }

  bool IsWitness(const NodeId& node) const;

  // `node` starts now. Returns whether it starts as the primary.
  bool BeginStart(const NodeId& node);
  // Returns the configuration of that start.
  proto::NodeConfig ConfigFor(const NodeId& node) const;
  // `node` shall take `per_entry` to apply an entry from now on, in this process and in later ones.
  // Absent if the subclass must tell it. Otherwise the answer: the node is down and needs to be
  // told nothing, or it cannot be slowed now.
  std::optional<absl::Status> KeepApplyDelay(const NodeId& node, Nanos per_entry);
  // The nodes have elected `node`, which leads now, or it has stopped leading.
  void NodeWasElected(const NodeId& node, Epoch epoch, Lsn last, Instant when);
  void NodeSteppedDown(const NodeId& node, Instant when) { reports_.SteppedDown(node, when); }
  // Ends what clients wait for. Call it at the end of the run.
  void DropClients();
  // Returns whether the start of the cluster is complete: every replica streams from the primary,
  // which describes itself in `primary`, and the clients of every site are connected to every node.
  bool IsStarted(const CoreDescription& primary) const;
  // How often a subclass polls IsStarted.
  static constexpr Nanos kStartPoll = Millis(5);

  // Promotes `chosen` with a new epoch and tells the other replicas to follow it once it leads.
  // FAILED_PRECONDITION if `chosen` is empty (there is no candidate) or not up. OK also if a
  // promotion with a higher epoch has overtaken this one.
  // With elections, `chosen` stands for election; it fails if another node is elected, or none
  // within kStandPatience.
  void PromoteChosen(const NodeId& chosen, Done done);
  static constexpr Nanos kStandPatience = Millis(5000);

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

  // Makes `node` stand for election now. `done`: whether it was told, never inside this call.
  virtual void TellToStand(const NodeId& node, Done done) = 0;
  // Makes the primary `node` hand its lead over to `target`; empty: to any. `done` as above.
  virtual void TellToSwitchOver(const NodeId& node, const NodeId& target, Done done) = 0;
  // Makes the primary `node` stop leading. `done`: whether it did, never inside this call.
  virtual void TellToStepDown(const NodeId& node, Done done) = 0;

  struct Standing {  // a promotion or switchover that waits for its election
    NodeId node;     // empty: any other than the primary
    Done done;
  };

  bool elects() const { return scenario_.failover().has_suspect_after(); }
  std::vector<NodeId> FollowersOf(const NodeId& promoted) const;
  std::unique_ptr<PrimaryLookup> MakeLookup(Scheduler* scheduler);
  void Stand(const NodeId& chosen, Done done);
  void AwaitElection(const NodeId& of, Done done, absl::FunctionRef<void(Done told)> tell);
  void EndStanding(const absl::Status& status);

  const proto::Scenario scenario_;
  Scheduler* const scheduler_;
  const Rng rng_;
  const std::vector<NodeId> nodes_;
  const std::vector<NodeId> witnesses_;
  const std::vector<NodeId> everyone_;
  std::map<NodeId, uint64_t> starts_;
  std::map<NodeId, Nanos> apply_delays_;  // of slow-apply faults in force
  PrimaryEpochs epochs_;
  const std::unique_ptr<PrimaryLookup> lookup_;  // null: clients are told
  std::optional<Standing> standing_;
  uint64_t standings_ = 0;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  WriteRouter router_;
  NodeReports reports_;
};

}  // namespace replsim
