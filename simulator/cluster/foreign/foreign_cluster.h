// A cluster of real servers: the nodes p, r1 … rN as processes with folders in the run folder,
// relays between them, and the connections of the clients. system.h has what differs between
// systems; clients write to the node that was promoted last.
//
// Operations have no positions while the run lasts. When it has ended, SaveNative reads the logs
// and translates them (translation.h).
//
// Everything runs under the scheduler. Work on processes, relays and connections is posted to the
// io thread, which must be the program's main thread, because children die with the thread that
// started them. A node's `process` and `pool` are used on the io thread only.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "asio/io_context.hpp"
#include "asio/steady_timer.hpp"
#include "common/base/rng.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/foreign/blocking_work.h"
#include "simulator/cluster/foreign/client_pool.h"
#include "simulator/cluster/foreign/system.h"
#include "simulator/cluster/foreign/translation.h"
#include "simulator/cluster/live/links.h"
#include "simulator/cluster/live/live_scheduler.h"
#include "simulator/cluster/live/slow_nodes.h"
#include "simulator/cluster/managed/node_reports.h"
#include "simulator/cluster/managed/primary_epochs.h"
#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

class ForeignCluster final : public RunCluster {
 public:
  struct Options {
    proto::Scenario scenario;  // resolved, and accepted by RefusalsOf
    std::string folder;        // folder of this variant's recording
    CapabilitySet capabilities;
  };

  // All pointers outlive the cluster.
  ForeignCluster(Options options, std::unique_ptr<ForeignSystem> system, asio::io_context* io,
                 ProcessGroup* processes, LiveScheduler* scheduler, const Rng& rng);
  ~ForeignCluster() override;

  // Ends every process. Call on the io thread after Disconnect, when no callback runs under the
  // scheduler.
  void KillAll();
  // Translates logs and stages into the files of the recording, which is complete otherwise. Call
  // after KillAll. On an error the recording says that positions, logs and stages are absent.
  absl::Status SaveNative();

  // --- RunCluster ---
  std::string kind() const override { return system_->name(); }
  proto::Manifest::Evidence evidence() const override;
  void OnEvent(EventSink sink) override { reports_.OnEvent(std::move(sink)); }
  void Start(Done done) override;
  NodeState state(const NodeId& node) const override { return nodes_.at(node).state; }
  void Describe(absl::AnyInvocable<void(Statuses)> done) override;
  void Scan(const NodeId& node, Scanned done) override;
  void Disconnect() override;

  // --- Cluster ---
  CapabilitySet capabilities() const override { return options_.capabilities; }
  void Write(uint64_t client, uint64_t sequence, absl::string_view key, absl::string_view value,
             Instant deadline, OperationDone done) override;
  void Read(uint64_t client, const NodeId& node, absl::string_view key, ReadMode mode,
            Position at_least, Instant deadline, OperationDone done) override;
  NodeId primary() const override { return epochs_.primary(); }
  const std::vector<NodeId>& nodes() const override { return ids_; }
  std::vector<NodeId> link_ends() const override;
  void Kill(const NodeId& node, Done done) override;
  void LoseHost(const NodeId& node, Done done) override;
  void Restart(const NodeId& node, Done done) override;
  void Pause(const NodeId& node, Done done) override;
  void Resume(const NodeId& node, Done done) override;
  void Promote(const NodeId& node, Done done) override;
  void SetLink(const NodeId& from, const NodeId& to, LinkSpec spec) override;
  void CutLink(const NodeId& from, const NodeId& to) override;
  void HealLink(const NodeId& from, const NodeId& to) override;
  void ResetLink(const NodeId& a, const NodeId& b) override;
  void SetShare(const NodeId& node, double share, Done done) override;

 private:
  struct Node {
    NodeId id;
    std::string folder;
    NodeState state = NodeState::kDown;
    uint64_t life = 0;         // number of the start; events of an earlier one are ignored
    bool log_unread = false;   // a life has ended whose log has not been read
    bool leads_epoch = false;  // it restarts as the primary and has been told its epoch
    NodeId follows;            // the primary that it was started with or told to follow
    uint16_t port = 0;
    std::shared_ptr<ChildProcess> process;
    std::unique_ptr<ClientPool> pool;
    NodeHistory history;        // for the translation
    std::vector<Done> on_exit;  // called when the process has ended
    Done on_up;                 // of the start in progress
    absl::Status start_failed;
  };
  struct Waiting {  // a request without a connection
    NodeId node;    // empty: the primary
    ForeignRequest request;
  };

  // foreign_cluster_start.cc
  void StartNodes(Done done);
  void StartReplicas(Done done);
  void AwaitClients(Instant until, Done done);
  void Spawn(Node& node, Done done);
  void Prepared(const NodeId& id, uint64_t life, absl::StatusOr<Launch> launch);
  void AwaitReady(const NodeId& id, uint64_t life, Instant until, const std::string& why_not);
  void FinishStart(Node& node, const absl::Status& status);
  void OnExit(const NodeId& id, const ChildProcess::Exit& exit);
  void End(Node& node, Done done);
  void Gone(Node& node, const absl::Status& why_not_up);
  std::string StderrTail(const Node& node) const;

  // The port at which `dialler` reaches `listener`: that of their relay, if there is one.
  uint16_t RelayPort(const NodeId& dialler, const NodeId& listener);

  // foreign_cluster_faults.cc
  void PromoteChosen(const NodeId& chosen, Done done);
  void TellToFollow(const NodeId& id, const NodeId& primary);
  void Signal(const NodeId& id, int signal, Done done);

  // foreign_cluster_clients.cc
  void Submit(NodeId node, ForeignRequest request);
  void SendWaiting();
  void Sweep();
  // Opens a connection of the simulator to the node, past the links, and runs `work` with it, on
  // the io thread. `work` calls `ended` once, after which the connection is closed. `done` is
  // called under the scheduler with the same status, or with the reason why there is no answer
  // within `patience`.
  using ControlWork = absl::AnyInvocable<void(ForeignConnection& connection, Done ended)>;
  void Control(const NodeId& id, Nanos patience, ControlWork work, Done done);

  Node& Find(const NodeId& id) { return nodes_.at(id); }
  void OnIo(absl::AnyInvocable<void()> work);
  void Inside(absl::AnyInvocable<void()> work);  // from any thread; skipped after Disconnect
  void Later(Done done, absl::Status status);
  size_t connections() const;

  const Options options_;
  const std::unique_ptr<ForeignSystem> system_;
  asio::io_context* const io_;
  ProcessGroup* const processes_;
  LiveScheduler* const scheduler_;
  Rng rng_;
  const std::vector<NodeId> ids_;
  std::map<NodeId, Node> nodes_;
  PrimaryEpochs epochs_;
  NodeReports reports_;
  Links links_;
  SlowNodes slow_;
  std::string version_;
  std::vector<Promotion> promotions_;
  Nanos kill_spread_{0};          // io thread: of the slowest kill
  std::vector<StageStep> steps_;  // io thread
  std::deque<Waiting> waiting_;   // io thread
  NodeId writes_to_;              // io thread: the primary, as the clients know it
  asio::steady_timer sweep_;
  // Callbacks check it before they touch the cluster. Written under the scheduler.
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  BlockingWork work_;
};

}  // namespace replsim
