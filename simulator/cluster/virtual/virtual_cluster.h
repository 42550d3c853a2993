// A cluster in virtual time. It runs the same cores, node and log code as the live cluster on a
// simulated network, disk and processor, in one thread. The same scenario and seed give the same
// run, byte for byte. managed_cluster.h holds the policy that it shares with the live cluster.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/rng.h"
#include "protos/control.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/managed/managed_cluster.h"
#include "simulator/cluster/virtual/virtual_clients.h"
#include "simulator/cluster/virtual/virtual_network.h"
#include "simulator/cluster/virtual/virtual_node.h"
#include "simulator/cluster/virtual/virtual_streams.h"

namespace replsim {

class VirtualCluster final : public ManagedCluster {
 public:
  // `scenario` is resolved. All arguments outlive the cluster.
  VirtualCluster(const proto::Scenario& scenario, VirtualScheduler* scheduler, const Rng& rng);
  ~VirtualCluster() override;

  // Gives access to what a node leaves behind: its files, below VirtualNode::folder(), and its
  // stage trace.
  VirtualNode& node(const NodeId& id) { return *nodes_[IndexOf(id)]; }
  // Returns the node whose turn is running, for the message of a failed check.
  std::string running_node() const;

  // --- RunCluster ---
  void Start(Done done) override;
  NodeState state(const NodeId& node) const override;
  void Describe(absl::AnyInvocable<void(Statuses)> done) override;
  void Scan(const NodeId& node, Scanned done) override;
  void Disconnect() override;

  // --- Cluster ---
  std::string kind() const override { return "virtual"; }
  void Write(uint64_t client, uint64_t sequence, absl::string_view key, absl::string_view value,
             Instant deadline, OperationDone done) override;
  void Execute(const Command& command, Instant deadline, OperationDone done) override;
  void Submit(uint64_t client, uint64_t sequence, absl::string_view key, absl::string_view value,
              Instant deadline, OperationDone done) override;
  void AskTicket(uint64_t client, Position ticket, bool watch, Instant deadline,
                 OperationDone done) override;
  void Read(uint64_t client, const NodeId& node, absl::string_view key, ReadMode mode,
            Position at_least, Instant deadline, OperationDone done) override;
  void Kill(const NodeId& node, Done done) override;
  void LoseHost(const NodeId& node, Done done) override;
  void Restart(const NodeId& node, Done done) override;
  void Pause(const NodeId& node, Done done) override;
  void Resume(const NodeId& node, Done done) override;
  void Promote(const NodeId& node, Done done) override;
  void SetLink(const NodeId& from, const NodeId& to, LinkSpec spec) override;
  void CutLink(const NodeId& from, const NodeId& to) override;
  void HealLink(const NodeId& from, const NodeId& to) override;
  void LosePower(const NodeId& node, std::optional<uint64_t> torn_seed, PowerLost done) override;
  void SetDisk(const NodeId& node, const proto::SetDiskRequest& change, Done done) override;
  void FlipBit(const NodeId& node, Lsn lsn, uint64_t seed,
               absl::AnyInvocable<void(absl::StatusOr<BitFlipped>)> done) override;
  void SetApplyDelay(const NodeId& node, Nanos per_entry, Done done) override;
  void ArmFailpoint(const NodeId& node, FailpointSpec spec, Done done) override;
  void ResetLink(const NodeId& a, const NodeId& b) override;
  void SetShare(const NodeId& node, double share, Done done) override;
  void SetWallClock(const NodeId& node, Nanos ahead, double drift, Done done) override;

 private:
  // --- ManagedCluster ---
  bool IsConnected(size_t site, const NodeId& node) const override {
    return clients_.open(site, IndexOf(node));
  }
  bool CanBeTold(const NodeId& node) const override;
  void PromoteNode(const NodeId& node, Epoch epoch, const std::vector<NodeId>& followers,
                   Done done) override;
  void TellToFollow(const NodeId& node, const NodeId& primary, Epoch epoch) override;
  void TellToStand(const NodeId& node, Done done) override;
  void TellToStepDown(const NodeId& node, Done done) override;
  void TellToSwitchOver(const NodeId& node, const NodeId& target, Done done) override;

  void StartNode(size_t index, Done done);
  void AwaitStreaming(Done done);
  bool IsBlocked(const VirtualNode& node) const;
  Instant CandidatesKnownAt() const;
  void PromoteNow(const NodeId& wanted, Done done);
  void Fired(VirtualNode& node, bool pause);
  void Failed(VirtualNode& node, const std::string& why);
  void ChangedRole(VirtualNode& node, std::optional<VirtualNode::Election> elected);
  // Every death of a node goes through this function.
  void EndNode(VirtualNode& node);
  NodeStatus StatusOf(const VirtualNode& node) const;
  void SendWrite(uint64_t client, WriteRequest request, Instant deadline, OperationDone done);
  void Unreachable(OperationDone done);
  void Later(absl::AnyInvocable<void()> what);
  void Answer(Done done, absl::Status status);
  size_t IndexOf(const NodeId& id) const;  // also of the clients' ends

  const proto::Scenario& scenario_;
  VirtualScheduler* const scheduler_;
  VirtualNetwork network_;
  VirtualStreams streams_;
  VirtualClients clients_;
  std::vector<std::unique_ptr<VirtualNode>> nodes_;
  std::vector<bool> starting_;
  bool over_ = false;
};

}  // namespace replsim
