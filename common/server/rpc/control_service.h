// The Control service (protos/control.proto), with which the simulator controls a node of a live
// run. Its calls are not part of the measured load. Called from gRPC's threads.
#pragma once

#include <functional>
#include <utility>

#include "common/node/failpoints.h"
#include "common/server/loop/node_loop.h"
#include "common/server/rpc/node_server.h"
#include "common/server/rpc/peer_streams.h"
#include "grpcpp/grpcpp.h"
#include "protos/control.grpc.pb.h"

namespace replsim {

class ControlService final : public proto::Control::CallbackService {
 public:
  // All must outlive the service. `set_disk` and `shut_down` are called from gRPC's threads.
  ControlService(NodeLoop& loop, PeerStreams& peers, Failpoints& failpoints,
                 const Recovery& recovery, NodeId id,
                 std::function<void(const proto::SetDiskRequest&)> set_disk,
                 std::function<void()> shut_down)
      : loop_(loop),
        peers_(peers),
        failpoints_(failpoints),
        recovery_(recovery),
        id_(std::move(id)),
        set_disk_(std::move(set_disk)),
        shut_down_(std::move(shut_down)) {}

  grpc::ServerUnaryReactor* Describe(grpc::CallbackServerContext* context,
                                     const proto::DescribeRequest* request,
                                     proto::NodeDescription* response) override;
  grpc::ServerUnaryReactor* ArmFailpoint(grpc::CallbackServerContext* context,
                                         const proto::ArmFailpointRequest* request,
                                         proto::ArmFailpointResponse* response) override;
  grpc::ServerUnaryReactor* SetOptions(grpc::CallbackServerContext* context,
                                       const proto::SetOptionsRequest* request,
                                       proto::SetOptionsResponse* response) override;
  grpc::ServerUnaryReactor* SetDisk(grpc::CallbackServerContext* context,
                                    const proto::SetDiskRequest* request,
                                    proto::SetDiskResponse* response) override;
  grpc::ServerUnaryReactor* Promote(grpc::CallbackServerContext* context,
                                    const proto::PromoteRequest* request,
                                    proto::PromoteResponse* response) override;
  grpc::ServerUnaryReactor* Follow(grpc::CallbackServerContext* context,
                                   const proto::FollowRequest* request,
                                   proto::FollowResponse* response) override;
  grpc::ServerUnaryReactor* Demote(grpc::CallbackServerContext* context,
                                   const proto::DemoteRequest* request,
                                   proto::DemoteResponse* response) override;
  grpc::ServerUnaryReactor* Switchover(grpc::CallbackServerContext* context,
                                       const proto::SwitchoverRequest* request,
                                       proto::SwitchoverResponse* response) override;
  grpc::ServerUnaryReactor* StepDown(grpc::CallbackServerContext* context,
                                     const proto::StepDownRequest* request,
                                     proto::StepDownResponse* response) override;
  grpc::ServerUnaryReactor* Shutdown(grpc::CallbackServerContext* context,
                                     const proto::ShutdownRequest* request,
                                     proto::ShutdownResponse* response) override;

 private:
  NodeLoop& loop_;
  PeerStreams& peers_;
  Failpoints& failpoints_;
  const Recovery& recovery_;
  const NodeId id_;
  const std::function<void(const proto::SetDiskRequest&)> set_disk_;
  const std::function<void()> shut_down_;
};

}  // namespace replsim
