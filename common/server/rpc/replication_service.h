// The Replication service (protos/replication.proto): hands streams and announcements to the node.
// Called from gRPC's threads.
#pragma once

#include <string>

#include "common/base/epoch.h"
#include "common/server/loop/node_loop.h"
#include "common/server/rpc/peer_streams.h"
#include "grpcpp/grpcpp.h"
#include "protos/replication.grpc.pb.h"

namespace replsim {

class ReplicationService final : public proto::Replication::CallbackService {
 public:
  // Both must outlive the service.
  ReplicationService(NodeLoop& loop, PeerStreams& peers) : loop_(loop), peers_(peers) {}

  grpc::ServerBidiReactor<proto::FromReplica, proto::FromPrimary>* Stream(
      grpc::CallbackServerContext*) override {
    return peers_.Accept();
  }

  grpc::ServerUnaryReactor* Announce(grpc::CallbackServerContext* context,
                                     const proto::AnnounceRequest* request,
                                     proto::AnnounceResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const absl::StatusOr<Epoch> epoch = ToEpoch(request->epoch());
    if (!epoch.ok()) {
      reactor->Finish(
          grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, std::string(epoch.status().message())));
      return reactor;
    }
    loop_.Post(PeerAsked{NodeId(request->primary()), Announcement{*epoch}});
    loop_.Do([reactor, response](Node& node) {
      response->set_epoch(node.core().Describe().epoch.value());
      reactor->Finish(grpc::Status::OK);
    });
    return reactor;
  }

 private:
  NodeLoop& loop_;
  PeerStreams& peers_;
};

}  // namespace replsim
