#include "simulator/cluster/live/client_session.h"

#include <optional>
#include <utility>

#include "common/base/check.h"
#include "common/server/rpc/wire_convert.h"

namespace replsim {
namespace {

constexpr Nanos kRedial = Millis(20);
constexpr Nanos kSweep = Millis(5);  // a passed deadline is noticed at most this late

// Returns nothing for a result that is not valid.
std::optional<OperationResult> ToResult(const proto::Result& wire, const NodeId& node) {
  const absl::StatusOr<Position> position =
      FromWire(wire.has_write() ? wire.write().position() : wire.get().position());
  if (!position.ok()) return std::nullopt;
  OperationResult result;
  result.position = *position;
  result.served_by = node;
  if (wire.has_write()) {
    const proto::WriteResponse& write = wire.write();
    result.outcome = write.outcome();
    result.reason = write.reason();
    result.unprotected = write.unprotected();
    result.took_effect = !write.no_effect();
  } else {
    const proto::GetResponse& get = wire.get();
    result.outcome = get.outcome();
    result.reason = get.reason();
    if (get.found()) result.value = get.value();
  }
  return result;
}

}  // namespace

ClientSession::ClientSession(NodeId node, LiveScheduler* scheduler, std::function<void()> on_open)
    : node_(std::move(node)), scheduler_(scheduler), on_open_(std::move(on_open)) {}

void ClientSession::Connect(std::shared_ptr<grpc::Channel> channel) {
  if (stream_ != nullptr) stream_->Cancel();
  open_ = false;
  in_flight_.FailAll();
  channel_ = std::move(channel);
  stub_ = proto::Kv::NewStub(channel_);
  Dial();
}

void ClientSession::Shut() {
  shut_ = true;
  open_ = false;
  if (stream_ != nullptr) stream_->Cancel();
  in_flight_.FailAll();
}

void ClientSession::Dial() {
  const uint64_t generation = ++generation_;
  const auto self = shared_from_this();
  StreamHooks<proto::SessionResponse> hooks;
  hooks.opened = [self, generation] {
    self->scheduler_->Post([self, generation] { self->Opened(generation); });
  };
  hooks.received = [self, generation](proto::SessionResponse& response) {
    self->scheduler_->Post(
        [self, generation, taken = std::move(response)] { self->Received(generation, taken); });
  };
  hooks.closed = [self, generation] {
    self->scheduler_->Post([self, generation] { self->Closed(generation); });
  };
  stream_ = Stream::Start(std::move(hooks), MergeRequests,
                          [this](grpc::ClientContext* context, auto* reactor) {
                            stub_->async()->Session(context, reactor);
                          });
  stream_->Begin();
}

void ClientSession::Opened(uint64_t generation) {
  if (generation != generation_ || shut_) return;
  open_ = true;
  on_open_();
}

void ClientSession::Closed(uint64_t generation) {
  if (generation != generation_ || shut_) return;
  open_ = false;
  in_flight_.FailAll();
  scheduler_->At(scheduler_->Now() + kRedial, [self = shared_from_this(), generation] {
    if (generation == self->generation_ && !self->shut_) self->Dial();
  });
}

void ClientSession::Send(proto::Operation&& operation, Instant deadline, OperationDone done) {
  REPL_CHECK(open_, "not connected to ", node_.name());
  const uint64_t id = next_id_++;
  operation.set_id(id);
  const bool is_write = !operation.has_get() && !operation.has_ask();
  in_flight_.Add(id, is_write, deadline, std::move(done));
  proto::SessionRequest request;
  *request.add_operations() = std::move(operation);
  stream_->Push(std::move(request));
  ScheduleFlush();
  ScheduleSweep();
}

// Flushes once per turn, so that the next requests of all clients answered in one batch travel as
// one message.
void ClientSession::ScheduleFlush() {
  if (flush_scheduled_) return;
  flush_scheduled_ = true;
  scheduler_->Post([self = shared_from_this()] {
    self->flush_scheduled_ = false;
    self->stream_->Flush();
  });
}

void ClientSession::Received(uint64_t generation, const proto::SessionResponse& response) {
  if (generation != generation_) return;
  if (response.results().empty()) return stream_->SendEmpty();  // confirms all earlier answers
  for (const proto::Result& wire : response.results()) {
    std::optional<OperationResult> result = ToResult(wire, node_);
    if (!result) return stream_->Cancel();  // cancelling ends all operations in flight
    in_flight_.Answer(wire.id(), *std::move(result));
  }
}

void ClientSession::ScheduleSweep() {
  if (sweep_scheduled_) return;
  sweep_scheduled_ = true;
  scheduler_->At(scheduler_->Now() + kSweep, [self = shared_from_this()] { self->Sweep(); });
}

void ClientSession::Sweep() {
  sweep_scheduled_ = false;
  in_flight_.FailOverdue(scheduler_->Now());
  if (in_flight_.next_deadline() != kNever) ScheduleSweep();
}

}  // namespace replsim
