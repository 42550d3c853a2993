// Calls one node's Control service, health check and final scan over a direct connection that no
// link fault affects. Every call ends within its deadline. Callbacks run under the scheduler.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "protos/control.grpc.pb.h"
#include "protos/health.grpc.pb.h"
#include "protos/kv.grpc.pb.h"
#include "simulator/cluster/live/live_scheduler.h"
#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

class ControlClient {
 public:
  using Done = absl::AnyInvocable<void(absl::Status)>;
  template <class T>
  using Then = absl::AnyInvocable<void(absl::StatusOr<T>)>;

  // `name` is the node's name, for errors; `token` is the run's access token. `scheduler` outlives
  // every call.
  ControlClient(std::string name, const std::string& address, const std::string& token,
                LiveScheduler* scheduler);

  void WaitUntilServing(Done done);
  void Describe(Then<NodeStatus> then);
  void ArmFailpoint(const proto::ArmFailpointRequest& request, Done done);
  void SetOptions(const proto::SetOptionsRequest& request, Done done);
  void SetDisk(const proto::SetDiskRequest& request, Done done);
  void Promote(const proto::PromoteRequest& request, Then<proto::PromoteResponse> then);
  void Switchover(const proto::SwitchoverRequest& request, Done done);
  void StepDown(Done done);
  void Follow(const proto::FollowRequest& request, Done done);
  // Reads every key of the node with the position of its value.
  void Scan(Then<std::vector<FinalEntry>> then);

 private:
  template <class Request, class Response, class Start>
  void Call(const Request& request, Then<Response> then, Nanos timeout, Start start);

  const std::string name_;
  LiveScheduler* const scheduler_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::shared_ptr<proto::Control::Stub> control_;
};

}  // namespace replsim
