#include "simulator/cluster/live/live_cluster.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/server/rpc/channel_args.h"
#include "common/server/rpc/wire_convert.h"
#include "simulator/cluster/managed/unanswered.h"

namespace replsim {
namespace {

std::vector<NodeId> ClientEndsOf(const ClientSites& sites) {
  std::vector<NodeId> ends;
  for (size_t site = 0; site < sites.count(); ++site) ends.push_back(sites.end(site));
  return ends;
}

void Fill(uint64_t client, uint64_t sequence, absl::string_view key, absl::string_view value,
          proto::PutRequest* put) {
  put->set_client(client);
  put->set_sequence(sequence);
  put->set_key(key.data(), key.size());
  put->set_value(value.data(), value.size());
}

template <class Request>
void FillKey(const Command& command, Request* request) {
  request->set_client(command.client);
  request->set_sequence(command.sequence);
  request->set_key(command.key.data(), command.key.size());
}

void Fill(const Command& command, proto::CompareAndSetRequest* cas) {
  FillKey(command, cas);
  cas->set_value(command.value.data(), command.value.size());
  if (command.expected) cas->set_expected(command.expected->data(), command.expected->size());
}

void Fill(const Command& command, proto::TransactionRequest* transaction) {
  transaction->set_client(command.client);
  transaction->set_sequence(command.sequence);
  for (const KeyValue& one : DecodePuts(command.value)) {
    proto::TransactionRequest::Put* put = transaction->add_puts();
    put->set_key(one.key.data(), one.key.size());
    put->set_value(one.value.data(), one.value.size());
  }
}

proto::Operation OperationOf(const Command& command) {
  proto::Operation operation;
  switch (command.kind) {
    case CommandKind::kPut:
      Fill(command.client, command.sequence, command.key, command.value, operation.mutable_put());
      break;
    case CommandKind::kDelete:
      FillKey(command, operation.mutable_delete_());
      break;
    case CommandKind::kAppend:
      Fill(command.client, command.sequence, command.key, command.value,
           operation.mutable_append());
      break;
    case CommandKind::kCas:
      Fill(command, operation.mutable_cas());
      break;
    case CommandKind::kTransaction:
      Fill(command, operation.mutable_transaction());
      break;
    case CommandKind::kEpochBegin:
      REPL_CHECK(false, "no client begins an epoch");
  }
  return operation;
}

void SetKnownEpoch(uint64_t epoch, proto::Operation* operation) {
  switch (operation->kind_case()) {
    case proto::Operation::kSubmit:
      return operation->mutable_submit()->set_known_epoch(epoch);
    case proto::Operation::kDelete:
      return operation->mutable_delete_()->set_known_epoch(epoch);
    case proto::Operation::kAppend:
      return operation->mutable_append()->set_known_epoch(epoch);
    case proto::Operation::kCas:
      return operation->mutable_cas()->set_known_epoch(epoch);
    case proto::Operation::kTransaction:
      return operation->mutable_transaction()->set_known_epoch(epoch);
    default:
      return operation->mutable_put()->set_known_epoch(epoch);
  }
}

}  // namespace

LiveCluster::LiveCluster(Options options, asio::io_context* io, ProcessGroup* processes,
                         LiveScheduler* scheduler, const Rng& rng)
    : ManagedCluster(options.scenario, scheduler, rng),
      options_(std::move(options)),
      processes_(processes),
      scheduler_(scheduler),
      began_(scheduler->Now()),
      links_(options_.scenario, everyone(), ClientEndsOf(sites()), io, rng.Fork("links")),
      slow_(io) {
  for (const NodeId& id : everyone()) {
    LiveNode& node = nodes_[id];
    node.id = id;
    node.folder = absl::StrCat(options_.folder, "/nodes/", id.name());
    for (size_t site = 0; site < sites().count() && !IsWitness(id); ++site) {
      node.sessions.push_back(
          std::make_shared<ClientSession>(id, scheduler_, [this, alive = alive_] {
            if (*alive) router().SendWaiting();
          }));
    }
  }
}

LiveCluster::~LiveCluster() { KillAll(); }

void LiveCluster::Disconnect() {
  if (!*alive_) return;
  for (auto& [id, node] : nodes_) {
    for (const auto& session : node.sessions) session->Shut();
  }
  DropClients();
  *alive_ = false;
}

void LiveCluster::KillAll() {
  slow_.Clear();
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
  SendWrite(client, std::move(operation), deadline, std::move(done));
}

void LiveCluster::Execute(const Command& command, Instant deadline, OperationDone done) {
  SendWrite(command.client, OperationOf(command), deadline, std::move(done));
}

void LiveCluster::Submit(uint64_t client, uint64_t sequence, absl::string_view key,
                         absl::string_view value, Instant deadline, OperationDone done) {
  proto::Operation operation;
  Fill(client, sequence, key, value, operation.mutable_submit());
  SendWrite(client, std::move(operation), deadline, std::move(done));
}

void LiveCluster::SendWrite(uint64_t client, proto::Operation&& operation, Instant deadline,
                            OperationDone done) {
  const WriteRouter::Route route = router().RouteOf(client);
  SetKnownEpoch(SessionOf(route).known_epoch().value(), &operation);
  auto send = [this, operation = std::move(operation)](const WriteRouter::Route& now, Instant until,
                                                       OperationDone then) mutable {
    SessionOf(now).Send(std::move(operation), until, std::move(then));
  };
  router().Write(route, deadline, std::move(send), std::move(done));
}

void LiveCluster::AskTicket(uint64_t client, Position ticket, bool watch, Instant deadline,
                            OperationDone done) {
  const WriteRouter::Route route = router().RouteOf(client);
  if (!route.connected) return Unreachable(std::move(done));
  ClientSession& session = SessionOf(route);
  proto::Operation operation;
  proto::TicketRequest* ask = operation.mutable_ask();
  ToWire(ticket, ask->mutable_ticket());
  ask->set_known_epoch(session.known_epoch().value());
  ask->set_watch(watch);
  session.Send(std::move(operation), deadline, std::move(done));
}

void LiveCluster::Unreachable(OperationDone done) {
  scheduler_->Post([done = std::move(done)]() mutable { done(NeverSent()); });
}

void LiveCluster::Read(uint64_t client, const NodeId& node, absl::string_view key, ReadMode mode,
                       Position at_least, Instant deadline, OperationDone done) {
  ClientSession& session = *Find(node).sessions[sites().SiteOf(client)];
  // A reader can use another replica, so a read does not wait for a node that cannot be reached.
  if (!session.open()) return Unreachable(std::move(done));
  proto::Operation operation;
  proto::GetRequest* get = operation.mutable_get();
  get->set_key(key.data(), key.size());
  if (mode == ReadMode::kPrimary) get->set_consistency(proto::PRIMARY);
  if (mode == ReadMode::kAtPosition) {
    get->set_consistency(proto::AT_POSITION);
    ToWire(at_least, get->mutable_position());
  }
  const bool of_primary = mode == ReadMode::kPrimary;
  session.Send(
      std::move(operation), deadline,
      of_primary ? router().Track(sites().SiteOf(client), node, std::move(done)) : std::move(done));
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

void LiveCluster::ResetLink(const NodeId& a, const NodeId& b) {
  OnIo([this, a, b] { links_.Reset(a, b); });
}

void LiveCluster::Inside(absl::AnyInvocable<void()> work) {
  scheduler_->Post([alive = alive_, work = std::move(work)]() mutable {
    if (*alive) work();
  });
}

void LiveCluster::Later(Done done, absl::Status status) {
  scheduler_->Post([done = std::move(done), status]() mutable { done(status); });
}

}  // namespace replsim
