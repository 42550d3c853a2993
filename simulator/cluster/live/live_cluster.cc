#include "simulator/cluster/live/live_cluster.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/channel_args.h"
#include "common/rpc/wire_convert.h"

namespace replsim {
namespace {

std::vector<NodeId> NodesOf(const proto::Scenario& scenario) {
  std::vector<NodeId> ids = {NodeId("p")};
  for (uint32_t i = 1; i <= scenario.cluster().replicas(); ++i)
    ids.emplace_back(absl::StrCat("r", i));
  return ids;
}

void Fill(uint64_t client, uint64_t sequence, absl::string_view key, absl::string_view value,
          proto::PutRequest* put) {
  put->set_client(client);
  put->set_sequence(sequence);
  put->set_key(key.data(), key.size());
  put->set_value(value.data(), value.size());
}

}  // namespace

LiveCluster::LiveCluster(Options options, asio::io_context* io, ProcessGroup* processes,
                         LiveScheduler* scheduler, const Rng& rng)
    : options_(std::move(options)),
      processes_(processes),
      scheduler_(scheduler),
      ids_(NodesOf(options_.scenario)),
      links_(options_.scenario, ids_, io, rng.Fork("links")),
      primary_(ids_.front()),
      waiting_(scheduler) {
  for (const NodeId& id : ids_) {
    LiveNode& node = nodes_[id];
    node.id = id;
    node.folder = absl::StrCat(options_.folder, "/nodes/", id.name());
    node.session = std::make_shared<ClientSession>(id, scheduler_, [this, alive = alive_] {
      if (*alive) SendWaiting();
    });
  }
}

LiveCluster::~LiveCluster() { KillAll(); }

void LiveCluster::Disconnect() {
  if (!*alive_) return;
  for (auto& [id, node] : nodes_) node.session->Shut();
  waiting_.Drop();
  *alive_ = false;
}

void LiveCluster::KillAll() {
  for (auto& [id, node] : nodes_) {
    node.process.reset();  // kills and reaps
    node.control.reset();
  }
}

// --- the load ---

void LiveCluster::Write(uint64_t client, uint64_t sequence, absl::string_view key,
                        absl::string_view value, Instant deadline, OperationDone done) {
  proto::Operation operation;
  Fill(client, sequence, key, value, operation.mutable_put());
  SendWrite(std::move(operation), deadline, std::move(done));
}

void LiveCluster::Submit(uint64_t client, uint64_t sequence, absl::string_view key,
                         absl::string_view value, Instant deadline, OperationDone done) {
  proto::Operation operation;
  Fill(client, sequence, key, value, operation.mutable_submit());
  SendWrite(std::move(operation), deadline, std::move(done));
}

void LiveCluster::SendWrite(proto::Operation operation, Instant deadline, OperationDone done) {
  ClientSession& session = *Find(primary_).session;
  proto::PutRequest* put =
      operation.has_put() ? operation.mutable_put() : operation.mutable_submit();
  put->set_known_epoch(session.known_epoch().value());
  if (session.open() && waiting_.empty()) {
    return session.Send(std::move(operation), deadline, std::move(done));
  }
  waiting_.Add(
      deadline,
      [this, operation = std::move(operation)](Instant until, OperationDone then) mutable {
        Find(primary_).session->Send(std::move(operation), until, std::move(then));
      },
      std::move(done));
}

void LiveCluster::AskTicket(Position ticket, bool watch, Instant deadline, OperationDone done) {
  ClientSession& session = *Find(primary_).session;
  if (!session.open()) return Unreachable(std::move(done));
  proto::Operation operation;
  proto::TicketRequest* ask = operation.mutable_ask();
  ToWire(ticket, ask->mutable_ticket());
  ask->set_known_epoch(session.known_epoch().value());
  ask->set_watch(watch);
  session.Send(std::move(operation), deadline, std::move(done));
}

void LiveCluster::SendWaiting() {
  waiting_.SendWhile([this] { return Find(primary_).session->open(); });
}

void LiveCluster::Unreachable(OperationDone done) {
  scheduler_->Post([done = std::move(done)]() mutable {
    OperationResult result;
    result.outcome = proto::REJECTED;
    result.reason = proto::UNREACHABLE;
    done(std::move(result));
  });
}

void LiveCluster::Read(const NodeId& node, absl::string_view key, ReadMode mode, Position at_least,
                       Instant deadline, OperationDone done) {
  ClientSession& session = *Find(node).session;
  // A reader has other replicas to turn to: no waiting for one that cannot be reached.
  if (!session.open()) return Unreachable(std::move(done));
  proto::Operation operation;
  proto::GetRequest* get = operation.mutable_get();
  get->set_key(key.data(), key.size());
  if (mode == ReadMode::kPrimary) get->set_consistency(proto::PRIMARY);
  if (mode == ReadMode::kAtPosition) {
    get->set_consistency(proto::AT_POSITION);
    ToWire(at_least, get->mutable_position());
  }
  session.Send(std::move(operation), deadline, std::move(done));
}

// --- links ---

void LiveCluster::OnIo(absl::AnyInvocable<void()> work) {
  scheduler_->OnIoThread([alive = alive_, work = std::move(work)]() mutable {
    if (*alive) work();
  });
}

void LiveCluster::SetLink(const NodeId& from, const NodeId& to, LinkSpec spec) {
  OnIo([this, from, to, spec] { links_.Set(from, to, spec); });
}

void LiveCluster::CutLink(const NodeId& from, const NodeId& to) {
  OnIo([this, from, to] { links_.SetCut(from, to, true); });
}

void LiveCluster::HealLink(const NodeId& from, const NodeId& to) {
  OnIo([this, from, to] { links_.SetCut(from, to, false); });
}

void LiveCluster::Inside(absl::AnyInvocable<void()> work) {
  scheduler_->Post([alive = alive_, work = std::move(work)]() mutable {
    if (*alive) work();
  });
}

void LiveCluster::Later(Done done, absl::Status status) {
  scheduler_->Post([done = std::move(done), status]() mutable { done(status); });
}

void LiveCluster::Emit(proto::RunEvent::Kind kind, const NodeId& node, const std::string& detail,
                       Instant when) {
  proto::RunEvent event;
  event.set_time_ns(ToNanos(when));
  event.set_kind(kind);
  event.set_node(node.name());
  event.set_detail(detail);
  if (events_) events_(event);
}

}  // namespace replsim
