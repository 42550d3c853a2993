// A cluster of real processes on this machine: one replsim-primary, replsim-replica processes,
// their folders, links and client sessions. managed_cluster.h holds the policy that it shares with
// the virtual cluster.
//
// Everything runs under the scheduler. Work on processes and relays is posted to the io thread,
// which must be the program's main thread, because children die with the thread that started them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "asio/io_context.hpp"
#include "common/server/rpc/access_token.h"
#include "protos/recording.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/live/links.h"
#include "simulator/cluster/live/live_node.h"
#include "simulator/cluster/live/live_scheduler.h"
#include "simulator/cluster/live/slow_nodes.h"
#include "simulator/cluster/managed/managed_cluster.h"

namespace replsim {

class LiveCluster final : public ManagedCluster {
 public:
  struct Options {
    proto::Scenario scenario;  // resolved
    std::string folder;        // folder of this variant's recording
    std::string program_dir;   // folder of replsim-primary and replsim-replica
  };

  // All pointers outlive the cluster.
  LiveCluster(Options options, asio::io_context* io, ProcessGroup* processes,
              LiveScheduler* scheduler, const Rng& rng);
  ~LiveCluster() override;

  // Ends every process. Call on the io thread after Disconnect, when no callback runs under the
  // scheduler.
  void KillAll();

  // --- RunCluster ---
  void Start(Done done) override;
  NodeState state(const NodeId& node) const override { return nodes_.at(node).state; }
  void Describe(absl::AnyInvocable<void(Statuses)> done) override;
  void Scan(const NodeId& node, Scanned done) override;
  void Disconnect() override;

  // --- Cluster ---
  std::string kind() const override { return "live"; }
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
    return nodes_.at(node).sessions[site]->open();
  }
  bool CanBeTold(const NodeId& node) const override { return state(node) == NodeState::kUp; }
  void PromoteNode(const NodeId& node, Epoch epoch, const std::vector<NodeId>& followers,
                   Done done) override;
  void TellToFollow(const NodeId& node, const NodeId& primary, Epoch epoch) override;
  void TellToStand(const NodeId& node, Done done) override;
  void TellToStepDown(const NodeId& node, Done done) override;
  void TellToSwitchOver(const NodeId& node, const NodeId& target, Done done) override;

  // live_cluster_start.cc
  void StartReplicas(Done done);
  void AwaitStreaming(Instant deadline, Done done);
  void Spawn(LiveNode& node, Done done);
  std::string WriteConfig(const LiveNode& node) const;
  void OnLine(const NodeId& id, absl::string_view line);
  void OnListening(const NodeId& id, const std::string& address);
  void OnServing(const NodeId& id, const absl::Status& status);
  void OnExit(const NodeId& id, const ChildProcess::Exit& exit);
  void OnStopped(const NodeId& id, Instant when);
  void TellAddresses();
  void FinishStart(LiveNode& node, const absl::Status& status);
  // Kills the process; calls `done` when it is gone.
  void End(LiveNode& node, Done done);
  void Gone(LiveNode& node, const absl::Status& why_not_up);
  // "exit status 70; the last line of its stderr".
  std::string DescribeExit(const LiveNode& node, const ChildProcess::Exit& exit) const;
  std::string StderrTail(const LiveNode& node) const;

  // live_cluster_faults.cc
  // Asks every other node that is up. ControlClient limits the wait to kCandidatePatience.
  void DescribeAllBut(const NodeId& left_out, absl::AnyInvocable<void(Statuses)> done);

  Done UnlessItTookEffect(const NodeId& id, Done done);
  void AwaitEffect(const NodeId& id, uint64_t life, Instant until, const absl::Status& answer,
                   Done done);

  // live_cluster_disk.cc
  void TellDisk(const NodeId& id, Done done);  // sends all its disk faults

  // live_cluster.cc
  LiveNode& Find(const NodeId& id) { return nodes_.at(id); }
  ClientSession& SessionOf(const WriteRouter::Route& route) {
    return *Find(route.node).sessions[route.site];
  }
  void SendWrite(uint64_t client, proto::Operation&& operation, Instant deadline,
                 OperationDone done);
  void Unreachable(OperationDone done);
  void OnIo(absl::AnyInvocable<void()> work);
  void Inside(absl::AnyInvocable<void()> work);  // from any thread; skipped after Disconnect
  void Later(Done done, absl::Status status);

  const Options options_;
  const std::string token_ = NewAccessToken();  // the nodes demand it of every call
  ProcessGroup* const processes_;
  LiveScheduler* const scheduler_;
  const Instant began_;  // the clocks of machine.clocks are right until then
  std::map<NodeId, LiveNode> nodes_;
  Links links_;
  SlowNodes slow_;
  // Callbacks that the scheduler still holds after Disconnect check this before they touch the
  // cluster. Read and written only under the scheduler.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace replsim
