#include "common/server/rpc/control_service.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/epoch.h"
#include "common/config/clock_convert.h"
#include "common/server/rpc/describe_convert.h"
#include "common/server/rpc/wire_convert.h"

namespace replsim {
namespace {

// OK if each follower is a peer of this node and is named once.
grpc::Status CheckFollowers(const std::vector<NodeId>& followers, const PeerStreams& peers) {
  std::set<NodeId> seen;
  for (const NodeId& id : followers) {
    if (!peers.Knows(id)) {
      return {
          grpc::StatusCode::INVALID_ARGUMENT,
          absl::StrCat("cannot promote: follower '", id.name(), "' is not a peer of this node")};
    }
    if (!seen.insert(id).second) {
      return {grpc::StatusCode::INVALID_ARGUMENT,
              absl::StrCat("cannot promote: follower '", id.name(), "' is named twice")};
    }
  }
  return grpc::Status::OK;
}

}  // namespace

grpc::ServerUnaryReactor* ControlService::Describe(grpc::CallbackServerContext* context,
                                                   const proto::DescribeRequest*,
                                                   proto::NodeDescription* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  loop_.Do([this, reactor, response](Node& node) {
    ToWire(node.core().Describe(), response);
    response->set_id(id_.name());
    response->set_digest(node.store().digest());
    response->set_recovery(recovery_.cut);
    reactor->Finish(grpc::Status::OK);
  });
  return reactor;
}

grpc::ServerUnaryReactor* ControlService::ArmFailpoint(grpc::CallbackServerContext* context,
                                                       const proto::ArmFailpointRequest* request,
                                                       proto::ArmFailpointResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const std::optional<FailpointName> name = ParseFailpoint(request->point());
  const bool by_hit = request->hit() != 0;
  if (!name || by_hit == (request->lsn() != 0)) {
    reactor->Finish(
        grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                     absl::StrCat("'", request->point(),
                                  "' must be a failpoint with exactly one of hit and lsn")));
    return reactor;
  }
  const Failpoints::Armed failpoint{*name, request->hit(), Lsn(request->lsn()), request->pause()};
  // Answered first, because the failpoint may kill the node before the answer is sent.
  reactor->Finish(grpc::Status::OK);
  failpoints_.Arm(failpoint);
  return reactor;
}

grpc::ServerUnaryReactor* ControlService::SetOptions(grpc::CallbackServerContext* context,
                                                     const proto::SetOptionsRequest* request,
                                                     proto::SetOptionsResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  for (const auto& [peer, address] : request->peers()) peers_.SetAddress(NodeId(peer), address);
  if (request->has_apply_delay_ns())
    loop_.Post(ApplyDelayChanged{Nanos(request->apply_delay_ns())});
  if (request->has_wall_clock()) {
    loop_.Do([clock = FromWire(request->wall_clock())](Node& node) { node.SetWallClock(clock); });
  }
  loop_.Do([reactor](Node&) { reactor->Finish(grpc::Status::OK); });
  return reactor;
}

grpc::ServerUnaryReactor* ControlService::SetDisk(grpc::CallbackServerContext* context,
                                                  const proto::SetDiskRequest* request,
                                                  proto::SetDiskResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  // A failed flush may end the node before the answer is sent, so that request is answered first.
  // `request` is invalid after Finish, hence the copy.
  proto::SetDiskRequest change = *request;
  if (change.flushes_to_fail() > 0) reactor->Finish(grpc::Status::OK);
  set_disk_(change);
  if (change.flushes_to_fail() == 0) reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerUnaryReactor* ControlService::Promote(grpc::CallbackServerContext* context,
                                                  const proto::PromoteRequest* request,
                                                  proto::PromoteResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (request->stand()) {
    loop_.Post(StandRequest{});
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  const absl::StatusOr<Epoch> checked_epoch = ToEpoch(request->epoch());
  if (!checked_epoch.ok()) {
    reactor->Finish(
        grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                     absl::StrCat("cannot promote: ", checked_epoch.status().message())));
    return reactor;
  }
  const Epoch epoch = *checked_epoch;
  std::vector<NodeId> followers;
  for (const std::string& id : request->followers()) followers.emplace_back(id);
  if (grpc::Status checked = CheckFollowers(followers, peers_); !checked.ok()) {
    reactor->Finish(checked);
    return reactor;
  }
  loop_.Do([reactor, response, epoch, followers](Node& node) {
    auto told = [&node, reactor, response](const absl::Status& promoted) {
      if (!promoted.ok()) {
        reactor->Finish(grpc::Status(grpc::StatusCode::FAILED_PRECONDITION,
                                     absl::StrCat("cannot promote: ", promoted.message())));
        return;
      }
      ToWire(node.core().Describe().append, response->mutable_position());
      reactor->Finish(grpc::Status::OK);
    };
    node.Promote(epoch, followers, std::move(told));
  });
  return reactor;
}

grpc::ServerUnaryReactor* ControlService::Follow(grpc::CallbackServerContext* context,
                                                 const proto::FollowRequest* request,
                                                 proto::FollowResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const absl::StatusOr<Epoch> epoch = ToEpoch(request->epoch());
  if (!epoch.ok()) {
    reactor->Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                                 absl::StrCat("cannot follow: ", epoch.status().message())));
    return reactor;
  }
  loop_.Post(FollowRequest{NodeId(request->primary()), *epoch});
  loop_.Do([reactor](Node&) { reactor->Finish(grpc::Status::OK); });
  return reactor;
}

grpc::ServerUnaryReactor* ControlService::Demote(grpc::CallbackServerContext* context,
                                                 const proto::DemoteRequest* request,
                                                 proto::DemoteResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const NodeId primary(request->primary());
  if (!peers_.Knows(primary)) {
    reactor->Finish(grpc::Status(
        grpc::StatusCode::INVALID_ARGUMENT,
        absl::StrCat("cannot demote: '", primary.name(), "' is not a peer of this node")));
    return reactor;
  }
  loop_.Do([reactor, primary](Node& node) {
    node.BecomeReplica(primary, [reactor](const absl::Status& demoted) {
      reactor->Finish(demoted.ok()
                          ? grpc::Status::OK
                          : grpc::Status(grpc::StatusCode::FAILED_PRECONDITION,
                                         absl::StrCat("cannot demote: ", demoted.message())));
    });
  });
  return reactor;
}

grpc::ServerUnaryReactor* ControlService::Switchover(grpc::CallbackServerContext* context,
                                                     const proto::SwitchoverRequest* request,
                                                     proto::SwitchoverResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const NodeId target(request->target());
  if (!target.empty() && !peers_.Knows(target)) {
    reactor->Finish(grpc::Status(
        grpc::StatusCode::INVALID_ARGUMENT,
        absl::StrCat("cannot switch over: '", target.name(), "' is not a peer of this node")));
    return reactor;
  }
  loop_.Do([reactor](Node& node) {
    const CoreDescription core = node.core().Describe();
    const bool leads = core.is_primary && !core.fenced;
    reactor->Finish(leads ? grpc::Status::OK
                          : grpc::Status(grpc::StatusCode::FAILED_PRECONDITION,
                                         "cannot switch over: this node does not lead"));
  });
  loop_.Post(SwitchoverRequest{target});
  return reactor;
}

grpc::ServerUnaryReactor* ControlService::StepDown(grpc::CallbackServerContext* context,
                                                   const proto::StepDownRequest*,
                                                   proto::StepDownResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  loop_.Do([reactor](Node& node) {
    const absl::Status stopped = node.GiveUpLead();
    reactor->Finish(stopped.ok() ? grpc::Status::OK
                                 : grpc::Status(grpc::StatusCode::FAILED_PRECONDITION,
                                                std::string(stopped.message())));
  });
  return reactor;
}

grpc::ServerUnaryReactor* ControlService::Shutdown(grpc::CallbackServerContext* context,
                                                   const proto::ShutdownRequest*,
                                                   proto::ShutdownResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  shut_down_();
  return reactor;
}

}  // namespace replsim
