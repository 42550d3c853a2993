// A cluster of real processes on this machine (cluster.h is the seam): a replsim-primary, some
// replsim-replica, their folders, the links between them, and the clients' sessions.
//
// Everything runs under the scheduler; what touches processes and relays is posted to the io
// thread, which must be the program's main thread (children die with the thread that started them).
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "asio.hpp"
#include "protos/recording.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/cluster.h"
#include "simulator/cluster/live/links.h"
#include "simulator/cluster/live/live_node.h"
#include "simulator/cluster/live/live_scheduler.h"
#include "simulator/recording/final_state.h"

namespace replsim {

class LiveCluster final : public Cluster {
 public:
  struct Options {
    proto::Scenario scenario;  // resolved
    std::string folder;        // of this variant's recording
    std::string program_dir;   // where replsim-primary and replsim-replica are
  };
  using EventSink = std::function<void(const proto::RunEvent&)>;

  // All outlive it. `events` hears of starts and of deaths that nobody asked for.
  LiveCluster(Options options, asio::io_context* io, ProcessGroup* processes,
              LiveScheduler* scheduler, const Rng& rng, EventSink events);
  ~LiveCluster() override;

  // --- the run ---
  void Start(Done done);  // until every replica streams
  // Until every live node holds what the primary holds; a live node that led an older epoch is
  // restarted as a replica first. The status says who had not converged by `deadline`, and why.
  void Converge(Instant deadline, Done done);
  struct NodeFinal {
    proto::Manifest::NodeEnd end;
    std::vector<FinalEntry> keys;
    bool scanned = false;
  };
  void ReadFinal(absl::AnyInvocable<void(std::vector<NodeFinal>)> done);
  // The end: operations in flight end as unknown, and nothing calls back any more. Inside the
  // scheduler. KillAll follows on the io thread, when nobody is inside.
  void Disconnect();
  void KillAll();

  // For the live display: what each node last said of itself.
  struct Glance {
    NodeId id;
    LiveNode::State state = LiveNode::State::kDown;
    proto::NodeDescription description;
  };
  void Look(absl::AnyInvocable<void(std::vector<Glance>)> done);

  // --- Cluster ---
  void Write(uint64_t client, uint64_t sequence, absl::string_view key, absl::string_view value,
             Instant deadline, OperationDone done) override;
  void Read(const NodeId& node, absl::string_view key, ReadMode mode, Position at_least,
            Instant deadline, OperationDone done) override;
  NodeId primary() const override { return primary_; }
  const std::vector<NodeId>& nodes() const override { return ids_; }
  void Kill(const NodeId& node, Done done) override;
  void Restart(const NodeId& node, Done done) override;
  void Pause(const NodeId& node, Done done) override;
  void Resume(const NodeId& node, Done done) override;
  void Promote(const NodeId& node, Done done) override;
  void SetLink(const NodeId& from, const NodeId& to, LinkSpec spec) override;
  void CutLink(const NodeId& from, const NodeId& to) override;
  void HealLink(const NodeId& from, const NodeId& to) override;
  void SetApplyDelay(const NodeId& node, Nanos per_entry, Done done) override;
  void ArmFailpoint(const NodeId& node, FailpointSpec spec, Done done) override;
  void OnFailpointFired(FailpointFired fired) override { failpoint_fired_ = std::move(fired); }

 private:
  struct WaitingWrite {
    proto::Operation operation;
    Instant deadline;
    OperationDone done;
  };
  using Descriptions = std::vector<std::pair<NodeId, absl::StatusOr<proto::NodeDescription>>>;

  // live_cluster_start.cc
  void StartReplicas(Done done);
  void AwaitStreaming(Instant deadline, Done done);
  void Spawn(LiveNode& node, bool as_primary, Done done);
  std::string WriteConfig(const LiveNode& node) const;
  void OnListening(const NodeId& id, const std::string& address);
  void OnServing(const NodeId& id, const absl::Status& status);
  void OnExit(const NodeId& id, const std::string& how, bool killed, Instant when);
  void OnStopped(const NodeId& id, Instant when);
  void TellAddresses();
  void FinishStart(LiveNode& node, const absl::Status& status);
  std::string StderrTail(const LiveNode& node) const;

  // live_cluster_faults.cc
  void DescribeAll(absl::AnyInvocable<void(Descriptions)> done);
  void PromoteNode(const NodeId& node, Epoch epoch, Done done);
  void ConvergeStep(Instant deadline, Done done);
  std::string WhyNotConverged(const Descriptions& descriptions) const;
  const NodeId* LedBefore(const Descriptions& descriptions) const;

  // live_cluster.cc
  LiveNode& Find(const NodeId& id) { return nodes_.at(id); }
  void SendWaiting();
  void SweepWaiting();
  void OnIo(absl::AnyInvocable<void()> work);
  void Inside(absl::AnyInvocable<void()> work);  // from any thread, unless disconnected by then
  void Later(Done done, absl::Status status);
  void Emit(proto::RunEvent::Kind kind, const NodeId& node, const std::string& detail,
            Instant when);

  const Options options_;
  ProcessGroup* const processes_;
  LiveScheduler* const scheduler_;
  const EventSink events_;
  std::vector<NodeId> ids_;
  std::map<NodeId, LiveNode> nodes_;
  Links links_;
  NodeId primary_;
  Epoch highest_epoch_;
  std::deque<WaitingWrite> waiting_;  // writes that no session could take yet
  bool sweep_scheduled_ = false;
  FailpointFired failpoint_fired_;
  // What the scheduler still holds after Disconnect looks here before it touches the cluster. Read
  // and written inside the scheduler.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace replsim
