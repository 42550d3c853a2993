#include "simulator/cluster/live/client_session.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "common/base/check.h"
#include "common/server/rpc/wire_convert.h"

namespace replsim {
namespace {

constexpr Nanos kRedial = Millis(20);
constexpr Nanos kSweep = Millis(5);  // a deadline is noticed at most this late

// Nothing for a result that makes no sense.
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
  FailAll(proto::DISCONNECTED);
  channel_ = std::move(channel);
  stub_ = proto::Kv::NewStub(channel_);
  Dial();
}

void ClientSession::Shut() {
  shut_ = true;
  open_ = false;
  if (stream_ != nullptr) stream_->Cancel();
  FailAll(proto::DISCONNECTED);
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
  FailAll(proto::DISCONNECTED);
  scheduler_->At(scheduler_->Now() + kRedial, [self = shared_from_this(), generation] {
    if (generation == self->generation_ && !self->shut_) self->Dial();
  });
}

void ClientSession::Send(proto::Operation operation, Instant deadline, OperationDone done) {
  REPL_CHECK(open_, "not connected to ", node_.name());
  const uint64_t id = next_id_++;
  operation.set_id(id);
  const bool is_write = !operation.has_get() && !operation.has_ask();
  in_flight_.emplace(id, InFlight{std::move(done), is_write});
  deadlines_.Add(deadline, id);
  proto::SessionRequest request;
  *request.add_operations() = std::move(operation);
  stream_->Push(std::move(request));
  ScheduleFlush();
  ScheduleSweep();
}

// Once per turn: what the clients of one batch of answers ask next goes out as one message.
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
  for (const proto::Result& wire : response.results()) {
    const auto it = in_flight_.find(wire.id());
    if (it == in_flight_.end()) continue;  // its deadline was sooner
    std::optional<OperationResult> result = ToResult(wire, node_);
    if (!result) return stream_->Cancel();  // with it ends what is in flight
    OperationDone done = std::move(it->second.done);
    in_flight_.erase(it);
    known_epoch_ = std::max(known_epoch_, result->position->epoch);
    done(*std::move(result));
  }
}

void ClientSession::FailAll(proto::Reason reason) {
  std::vector<std::pair<uint64_t, InFlight>> lost;
  for (auto& [id, one] : in_flight_) lost.emplace_back(id, std::move(one));
  in_flight_.clear();
  deadlines_.Clear();
  // The table has no order; clients hear in the order in which they asked.
  std::sort(lost.begin(), lost.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [id, one] : lost) {
    OperationResult result;
    result.outcome = one.is_write ? proto::UNKNOWN : proto::REJECTED;
    result.reason = reason;
    one.done(std::move(result));
  }
}

void ClientSession::ScheduleSweep() {
  if (sweep_scheduled_) return;
  sweep_scheduled_ = true;
  scheduler_->At(scheduler_->Now() + kSweep, [self = shared_from_this()] { self->Sweep(); });
}

void ClientSession::Sweep() {
  sweep_scheduled_ = false;
  const Instant now = scheduler_->Now();
  while (!deadlines_.empty()) {
    const auto [deadline, id] = deadlines_.front();
    const auto it = in_flight_.find(id);
    if (it != in_flight_.end() && deadline > now) break;
    deadlines_.PopFront();
    if (it == in_flight_.end()) continue;
    InFlight late = std::move(it->second);
    in_flight_.erase(it);
    OperationResult result;
    result.outcome = late.is_write ? proto::UNKNOWN : proto::REJECTED;
    result.reason = proto::DEADLINE;
    late.done(std::move(result));
  }
  if (!deadlines_.empty()) ScheduleSweep();
}

}  // namespace replsim
