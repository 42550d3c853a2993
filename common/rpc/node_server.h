// One node as a server: storage, loop, streams and services wired together. primary/ and replica/
// add their core. Lives from the start of the process to its end.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "common/monitoring/metrics_endpoint.h"
#include "common/rpc/client_requests.h"
#include "common/rpc/peer_streams.h"
#include "common/runtime/node_loop.h"
#include "common/runtime/slow_flush.h"
#include "common/runtime/stage_recorder.h"
#include "common/storage/disk/node_disk.h"
#include "grpcpp/server.h"
#include "protos/control.grpc.pb.h"

namespace replsim {

class NodeServer final : public Outside {
 public:
  // Builds the core that leads after Control.Promote; none: this node cannot be promoted.
  using MakePrimary = absl::AnyInvocable<std::unique_ptr<Core>(const CoreStart&, Epoch,
                                                               std::vector<NodeId> followers)>;

  // Recovers the node's storage. A log or metadata that cannot be trusted is an error.
  // With `cut_damage` what is damaged is cut off, for a node that will be sent it again.
  static absl::StatusOr<std::unique_ptr<NodeServer>> Open(const proto::NodeConfig& config,
                                                          bool cut_damage);
  ~NodeServer() override;

  CoreStart start() const;
  // Runs `core` and begins to serve, also its measurements, whose address the file `metrics` in the
  // node's folder tells. Prints "listening HOST:PORT" on stdout when it does.
  absl::Status Serve(std::unique_ptr<Core> core, bool leads, MakePrimary make_primary);
  // Returns after Control.Shutdown.
  void WaitForShutdown();

  // --- Outside ---
  void Dial(StreamId stream, const NodeId& primary) override { peers_.Dial(stream, primary); }
  void Send(StreamId stream, Message message) override { peers_.Send(stream, message); }
  void Close(StreamId stream) override { peers_.Close(stream); }
  void Announce(const NodeId& peer, Epoch epoch) override { peers_.Announce(peer, id_, epoch); }
  void Answer(const AnswerWrite& answer) override { requests_.Answer(answer); }
  void Answer(const AnswerRead& answer, const KvStore::Entry* entry, Position applied) override {
    requests_.Answer(answer, entry, applied);
  }
  void EndTurn() override;
  void AfterSent(absl::AnyInvocable<void()> then) override;

 private:
  class Services;
  void SetDisk(const proto::SetDiskRequest& change);
  // The node's files, and what is wrong with them.
  struct Disk {
    explicit Disk(std::unique_ptr<FlushNotes> flush_notes)
        : notes(std::move(flush_notes)),
          files(PosixFileSystem(), *notes, faults, {nullptr, [this] { slow_flush.Wait(); }}) {}
    const std::unique_ptr<FlushNotes> notes;
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
  ClientRequests requests_;
  std::unique_ptr<NodeLoop> loop_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<MetricsEndpoint> metrics_;
  absl::Notification shutdown_;
};

}  // namespace replsim
