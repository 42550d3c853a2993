// The Replication service (protos/replication.proto): hands streams and requests of
// other nodes to the node.
// Called from gRPC's threads.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "common/base/epoch.h"
#include "common/server/loop/node_loop.h"
#include "common/server/rpc/peer_asks.h"
#include "common/server/rpc/peer_streams.h"
#include "common/server/rpc/wire_convert.h"
#include "grpcpp/grpcpp.h"
#include "protos/replication.grpc.pb.h"

namespace replsim {

class ReplicationService final : public proto::Replication::CallbackService {
 public:
  // All must outlive the service.
  ReplicationService(NodeLoop& loop, PeerStreams& peers, PeerAsks& asks)
      : loop_(loop), peers_(peers), asks_(asks) {}

  grpc::ServerBidiReactor<proto::FromReplica, proto::FromPrimary>* Stream(
      grpc::CallbackServerContext*) override {
    return peers_.Accept();
  }

  grpc::ServerUnaryReactor* Announce(grpc::CallbackServerContext* context,
                                     const proto::AnnounceRequest* request,
                                     proto::AnnounceResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const absl::StatusOr<Epoch> epoch = ToEpoch(request->epoch());
    if (!epoch.ok()) return Refuse(reactor, epoch.status());
    absl::StatusOr<PublishedSet> in_sync = FromWire(request->in_sync());
    if (!in_sync.ok()) return Refuse(reactor, in_sync.status());
    if (!in_sync->empty() && in_sync->epoch != *epoch) {
      return Refuse(reactor, absl::InvalidArgumentError("the in-sync set is of another epoch"));
    }
    Ask(NodeId(request->primary()),
        Announcement{*epoch, Instant(), *std::move(in_sync), request->log_bytes()}, reactor,
        [response](const PeerAnswer& answer) {
          response->set_epoch(std::get<KnownEpoch>(answer).epoch.value());
          response->set_in_sync(std::get<KnownEpoch>(answer).in_sync);
        });
    return reactor;
  }

  grpc::ServerUnaryReactor* Vote(grpc::CallbackServerContext* context,
                                 const proto::VoteRequest* request,
                                 proto::VoteResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const absl::StatusOr<Epoch> epoch = ToEpoch(request->epoch());
    if (!epoch.ok()) return Refuse(reactor, epoch.status());
    const absl::StatusOr<Position> end = FromWire(request->end());
    if (!end.ok()) return Refuse(reactor, end.status());
    const NodeId candidate(request->candidate());
    if (!peers_.Knows(candidate)) return RefuseStranger(reactor, candidate);
    Ask(candidate,
        VoteRequest{*epoch, *end, request->pre_vote(), request->hand_over(), request->unclean()},
        reactor, [response](const PeerAnswer& answer) {
          const auto& vote = std::get<replsim::Vote>(answer);
          response->set_granted(vote.granted);
          response->set_epoch(vote.known.value());
          ToWire(vote.in_sync, response->mutable_in_sync());
          response->set_hears(vote.hears);
          ToWire(vote.primary_log, response->mutable_primary_log());
          response->set_not_eligible(vote.not_eligible);
        });
    return reactor;
  }

  grpc::ServerUnaryReactor* TakeLead(grpc::CallbackServerContext* context,
                                     const proto::TakeLeadRequest* request,
                                     proto::TakeLeadResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const absl::StatusOr<Epoch> epoch = ToEpoch(request->epoch());
    if (!epoch.ok()) return Refuse(reactor, epoch.status());
    Ask(NodeId(request->primary()), replsim::TakeLead{*epoch}, reactor,
        [response](const PeerAnswer& answer) {
          response->set_epoch(std::get<KnownEpoch>(answer).epoch.value());
        });
    return reactor;
  }

  grpc::ServerUnaryReactor* Pick(grpc::CallbackServerContext* context,
                                 const proto::PickRequest* request,
                                 proto::PickResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const absl::StatusOr<Epoch> epoch = ToEpoch(request->epoch());
    if (!epoch.ok()) return Refuse(reactor, epoch.status());
    const NodeId picker(request->picker());
    if (!peers_.Knows(picker)) return RefuseStranger(reactor, picker);
    const absl::StatusOr<LogSize> log = FromWire(request->primary_log());
    if (!log.ok()) return Refuse(reactor, log.status());
    Ask(picker, replsim::PickRequest{*epoch, request->lead(), *log}, reactor,
        [response](const PeerAnswer& answer) {
          const auto& pick = std::get<PickAnswer>(answer);
          response->set_granted(pick.granted);
          response->set_epoch(pick.known.value());
          ToWire(pick.end, response->mutable_end());
        });
    return reactor;
  }

 private:
  static grpc::ServerUnaryReactor* RefuseStranger(grpc::ServerUnaryReactor* reactor,
                                                  const NodeId& node) {
    return Refuse(reactor, absl::InvalidArgumentError(
                               absl::StrCat("'", node.name(), "' is not a peer of this node")));
  }

  static grpc::ServerUnaryReactor* Refuse(grpc::ServerUnaryReactor* reactor,
                                          const absl::Status& why) {
    reactor->Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, std::string(why.message())));
    return reactor;
  }

  // Asks the core, and ends the call when the core has answered.
  template <class Fill>
  void Ask(NodeId from, PeerRequest request, grpc::ServerUnaryReactor* reactor, Fill fill) {
    const AskId ask = asks_.Add([reactor, fill](const std::optional<PeerAnswer>& answer) {
      if (!answer) {
        return reactor->Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "shutting down"));
      }
      fill(*answer);
      reactor->Finish(grpc::Status::OK);
    });
    loop_.Post(PeerAsked{std::move(from), request, ask});
  }

  NodeLoop& loop_;
  PeerStreams& peers_;
  PeerAsks& asks_;
};

}  // namespace replsim
