// One node as a server: owns storage, event loop, streams and services, and connects them. primary/
// and replica/ supply the cores. It lives from the start of the process to its end. The Outside
// functions are called inside a turn of the node, the others on the main thread.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "common/server/loop/node_loop.h"
#include "common/server/loop/slow_flush.h"
#include "common/server/loop/stage_recorder.h"
#include "common/server/metrics/metrics_endpoint.h"
#include "common/server/rpc/client_requests.h"
#include "common/server/rpc/peer_asks.h"
#include "common/server/rpc/peer_streams.h"
#include "common/storage/disk/node_disk.h"
#include "grpcpp/server.h"
#include "protos/control.grpc.pb.h"

namespace replsim {

class NodeServer final : public Outside {
 public:
  // Recovers the node's storage. A corrupt log or corrupt metadata is DataLoss. With
  // `truncate_corruption` a corrupt log is truncated instead (LogOptions), for a node that gets the
  // records again.
  static absl::StatusOr<std::unique_ptr<NodeServer>> Open(const proto::NodeConfig& config,
                                                          bool truncate_corruption);
  ~NodeServer() override;

  CoreStart start() const;
  Instant Now() const;  // on the node's own clock
  // Runs `core` and serves calls and /metrics. Writes the address of /metrics to the file `metrics`
  // in the node's folder. Prints "listening HOST:PORT" on stdout when it serves. Unavailable if a
  // port cannot be used.
  absl::Status Serve(std::unique_ptr<Core> core, bool leads, Node::Cores cores);
  // Returns after Control.Shutdown or SIGTERM. The destructor then shuts the node down in order
  // (Node::ShutDown). Only in a process that has called BlockTermination.
  void WaitForShutdown();
  // Lets WaitForShutdown receive SIGTERM. Call it before the process starts a thread.
  static void BlockTermination();

  // --- Outside ---
  void Dial(StreamId stream, const NodeId& primary) override { peers_.Dial(stream, primary); }
  void Send(StreamId stream, Message message) override { peers_.Send(stream, message); }
  void Close(StreamId stream) override { peers_.Close(stream); }
  void AskPeer(const NodeId& peer, const PeerRequest& request) override {
    peers_.Ask(peer, id_, request);
  }
  void AnswerPeer(AskId ask, const PeerAnswer& answer) override { peer_asks_.Answer(ask, answer); }
  void Answer(const AnswerWrite& answer) override { requests_.Answer(answer); }
  void Answer(const AnswerRead& answer, const KvStore::Entry* entry, Position applied) override {
    requests_.Answer(answer, entry, applied);
  }
  void EndTurn() override;
  void AfterSent(absl::AnyInvocable<void()> then) override;

 private:
  class Services;
  void RequestShutdown();  // any thread, any number of times
  void SetDisk(const proto::SetDiskRequest& change);
  // The node's files and their faults.
  struct Disk {
    explicit Disk(std::unique_ptr<DurableExtents> durable_extents)
        : extents(std::move(durable_extents)),
          files(PosixFileSystem(), *extents, faults, {nullptr, [this] { slow_flush.Wait(); }}) {}
    const std::unique_ptr<DurableExtents> extents;
    DiskFaults faults;
    SlowFlush slow_flush{faults};
    NodeDisk files;
  };
  NodeServer(const proto::NodeConfig& config, std::unique_ptr<Disk> disk, NodeStorage storage);

  const proto::NodeConfig config_;
  const NodeId id_;
  const std::unique_ptr<Disk> disk_;
  NodeStorage storage_;
  Failpoints failpoints_;
  std::unique_ptr<StageRecorder> recorder_;
  PeerStreams peers_;
  PeerAsks peer_asks_;
  ClientRequests requests_;
  std::unique_ptr<NodeLoop> loop_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<MetricsEndpoint> metrics_;
  std::atomic<bool> shutdown_requested_ = false;
  absl::Notification shutdown_;
};

}  // namespace replsim
