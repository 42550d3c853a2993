#include "simulator/cluster/live/control_client.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/server/rpc/channel_args.h"
#include "common/server/rpc/describe_convert.h"
#include "common/server/rpc/wire_convert.h"
#include "grpcpp/client_context.h"
#include "simulator/cluster/managed/promotion_choice.h"
#include "simulator/cluster/managed/scanned_key.h"

namespace replsim {
namespace {

constexpr Nanos kTimeout = kCandidatePatience;
constexpr Nanos kStartTimeout = Millis(10'000);

absl::Status ToStatus(const std::string& name, const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::StrCat(name, ": ", status.error_message()));
}

void SetDeadline(grpc::ClientContext* context, Nanos timeout) {
  context->set_deadline(std::chrono::system_clock::now() + timeout);
  context->set_wait_for_ready(true);
}

// Reads the node's keys, page by page.
class ScanReader final : public grpc::ClientReadReactor<proto::ScanResponse> {
 public:
  using Finished = absl::AnyInvocable<void(grpc::Status, std::vector<FinalEntry>)>;
  ScanReader(std::shared_ptr<grpc::Channel> channel, Finished finished)
      : stub_(proto::Kv::NewStub(channel)), finished_(std::move(finished)) {
    SetDeadline(&context_, kStartTimeout);
    stub_->async()->Scan(&context_, &request_, this);
    StartRead(&page_);
    StartCall();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    for (const proto::ScanResponse::Entry& entry : page_.entries()) {
      const std::optional<uint32_t> key = NumberOfKey(entry.key());
      if (!key) continue;
      const auto position = FromWire(entry.position());
      if (!position.ok()) {
        broken_ = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                               std::string(position.status().message()));
        return context_.TryCancel();
      }
      entries_.push_back(FinalEntryOf(*key, *position, entry.value()));
    }
    StartRead(&page_);
  }
  void OnDone(const grpc::Status& status) override {
    finished_(broken_.ok() ? status : broken_, std::move(entries_));
    delete this;
  }

 private:
  grpc::ClientContext context_;
  proto::ScanRequest request_;
  proto::ScanResponse page_;
  std::unique_ptr<proto::Kv::Stub> stub_;
  Finished finished_;
  grpc::Status broken_;  // why the answers so far cannot be trusted
  std::vector<FinalEntry> entries_;
};

}  // namespace

ControlClient::ControlClient(std::string name, const std::string& address, const std::string& token,
                             LiveScheduler* scheduler)
    : name_(std::move(name)),
      scheduler_(scheduler),
      channel_(MakeChannel(address, token)),
      control_(proto::Control::NewStub(channel_)) {}

template <class Request, class Response, class Start>
void ControlClient::Call(const Request& request, Then<Response> then, Nanos timeout, Start start) {
  struct State {
    grpc::ClientContext context;
    Request request;
    Response response;
    Then<Response> then;
    std::shared_ptr<grpc::Channel> channel;  // kept alive until the call has ended
  };
  const auto state = std::make_shared<State>();
  state->request = request;
  state->then = std::move(then);
  state->channel = channel_;
  SetDeadline(&state->context, timeout);
  LiveScheduler* scheduler = scheduler_;
  start(&state->context, &state->request, &state->response,
        [state, scheduler, name = name_](const grpc::Status& status) {
          scheduler->Post([state, status, name] {
            if (status.ok()) {
              state->then(std::move(state->response));
            } else {
              state->then(ToStatus(name, status));
            }
          });
        });
}

namespace {
template <class T>
ControlClient::Then<T> Ignore(ControlClient::Done done) {
  return [done = std::move(done)](absl::StatusOr<T> answer) mutable { done(answer.status()); };
}
}  // namespace

void ControlClient::WaitUntilServing(Done done) {
  using grpc::health::v1::HealthCheckResponse;
  const std::shared_ptr<grpc::health::v1::Health::Stub> stub =
      grpc::health::v1::Health::NewStub(channel_);
  Call<grpc::health::v1::HealthCheckRequest, HealthCheckResponse>(
      {},
      [stub, name = name_,
       done = std::move(done)](absl::StatusOr<HealthCheckResponse> answer) mutable {
        if (answer.ok() && answer->status() != HealthCheckResponse::SERVING) {
          return done(
              absl::UnavailableError(absl::StrCat(name, ": started, but does not accept calls")));
        }
        done(answer.status());
      },
      kStartTimeout,
      [&](auto* context, auto* request, auto* response, auto callback) {
        stub->async()->Check(context, request, response, std::move(callback));
      });
}

void ControlClient::Describe(Then<NodeStatus> then) {
  Call<proto::DescribeRequest, proto::NodeDescription>(
      {},
      [name = name_,
       then = std::move(then)](absl::StatusOr<proto::NodeDescription> answer) mutable {
        if (!answer.ok()) return then(answer.status());
        absl::StatusOr<CoreDescription> core = FromWire(*answer);
        if (!core.ok()) return then(Annotate(core.status(), name));
        then(NodeStatus{*std::move(core), answer->digest(), answer->recovery()});
      },
      kTimeout,
      [this](auto* context, auto* request, auto* response, auto callback) {
        control_->async()->Describe(context, request, response, std::move(callback));
      });
}

void ControlClient::ArmFailpoint(const proto::ArmFailpointRequest& request, Done done) {
  Call<proto::ArmFailpointRequest, proto::ArmFailpointResponse>(
      request, Ignore<proto::ArmFailpointResponse>(std::move(done)), kTimeout,
      [this](auto* context, auto* r, auto* response, auto callback) {
        control_->async()->ArmFailpoint(context, r, response, std::move(callback));
      });
}

void ControlClient::SetDisk(const proto::SetDiskRequest& request, Done done) {
  Call<proto::SetDiskRequest, proto::SetDiskResponse>(
      request, Ignore<proto::SetDiskResponse>(std::move(done)), kTimeout,
      [this](auto* context, auto* r, auto* response, auto callback) {
        control_->async()->SetDisk(context, r, response, std::move(callback));
      });
}

void ControlClient::SetOptions(const proto::SetOptionsRequest& request, Done done) {
  Call<proto::SetOptionsRequest, proto::SetOptionsResponse>(
      request, Ignore<proto::SetOptionsResponse>(std::move(done)), kTimeout,
      [this](auto* context, auto* r, auto* response, auto callback) {
        control_->async()->SetOptions(context, r, response, std::move(callback));
      });
}

void ControlClient::Promote(const proto::PromoteRequest& request,
                            Then<proto::PromoteResponse> then) {
  // No short deadline: the node first flushes and applies everything that it has received, and a
  // node that applies slowly must be allowed to. The call ends at the latest with the node, or
  // after the load when the faults that delay it are healed.
  constexpr Nanos kDay = Millis(86'400'000);
  Call<proto::PromoteRequest, proto::PromoteResponse>(
      request, std::move(then), kDay,
      [this](auto* context, auto* r, auto* response, auto callback) {
        control_->async()->Promote(context, r, response, std::move(callback));
      });
}

void ControlClient::Switchover(const proto::SwitchoverRequest& request, Done done) {
  Call<proto::SwitchoverRequest, proto::SwitchoverResponse>(
      request, Ignore<proto::SwitchoverResponse>(std::move(done)), kTimeout,
      [this](auto* context, auto* r, auto* response, auto callback) {
        control_->async()->Switchover(context, r, response, std::move(callback));
      });
}

void ControlClient::StepDown(Done done) {
  Call<proto::StepDownRequest, proto::StepDownResponse>(
      {}, Ignore<proto::StepDownResponse>(std::move(done)), kTimeout,
      [this](auto* context, auto* r, auto* response, auto callback) {
        control_->async()->StepDown(context, r, response, std::move(callback));
      });
}

void ControlClient::Follow(const proto::FollowRequest& request, Done done) {
  Call<proto::FollowRequest, proto::FollowResponse>(
      request, Ignore<proto::FollowResponse>(std::move(done)), kTimeout,
      [this](auto* context, auto* r, auto* response, auto callback) {
        control_->async()->Follow(context, r, response, std::move(callback));
      });
}

void ControlClient::Scan(Then<std::vector<FinalEntry>> then) {
  LiveScheduler* scheduler = scheduler_;
  new ScanReader(channel_, [scheduler, name = name_, then = std::move(then), channel = channel_](
                               grpc::Status status, std::vector<FinalEntry> entries) mutable {
    scheduler->Post([status, name, then = std::move(then), entries = std::move(entries)]() mutable {
      if (!status.ok()) return then(ToStatus(name, status));
      then(std::move(entries));
    });
  });
}

}  // namespace replsim
