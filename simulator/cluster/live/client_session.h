// The load generator's connection to one node: one Kv.Session stream that carries the operations of
// all clients of a site. An operation is sent only on a stream on which the node has answered, so
// an operation that was not sent is certain not to have happened. operations_in_flight.h defines
// how a sent operation ends.
//
// Everything runs under the run's scheduler; reactions to gRPC are posted to it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "common/server/rpc/stream.h"
#include "grpcpp/channel.h"
#include "protos/kv.grpc.pb.h"
#include "simulator/cluster/live/live_scheduler.h"
#include "simulator/cluster/managed/operations_in_flight.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

class ClientSession : public std::enable_shared_from_this<ClientSession> {
 public:
  // `on_open` is called whenever the session becomes usable. `scheduler` outlives the session.
  ClientSession(NodeId node, LiveScheduler* scheduler, std::function<void()> on_open);

  // Connects, or reconnects to a node that restarted at another address.
  void Connect(std::shared_ptr<grpc::Channel> channel);
  void Shut();  // ends the operations in flight as unknown and does not reconnect

  bool open() const { return open_; }
  // Only while open().
  void Send(proto::Operation&& operation, Instant deadline, OperationDone done);

  // The highest epoch in any answer.
  Epoch known_epoch() const { return in_flight_.known_epoch(); }

 private:
  using Stream = ClientStream<proto::SessionRequest, proto::SessionResponse>;

  void Dial();
  void Opened(uint64_t generation);
  void Received(uint64_t generation, const proto::SessionResponse& response);
  void Closed(uint64_t generation);
  void ScheduleFlush();
  void ScheduleSweep();
  void Sweep();

  const NodeId node_;
  LiveScheduler* const scheduler_;
  const std::function<void()> on_open_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<proto::Kv::Stub> stub_;
  std::shared_ptr<Stream> stream_;
  uint64_t generation_ = 0;  // of the stream; messages of an older stream are ignored
  bool open_ = false;
  bool shut_ = false;
  bool flush_scheduled_ = false;
  bool sweep_scheduled_ = false;
  uint64_t next_id_ = 1;
  OperationsInFlight in_flight_;
};

}  // namespace replsim
