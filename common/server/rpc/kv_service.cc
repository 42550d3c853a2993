#include "common/server/rpc/kv_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/epoch.h"
#include "common/node/write_request.h"
#include "common/server/rpc/wire_convert.h"
#include "common/storage/store/command.h"

namespace replsim {
namespace {

constexpr size_t kValueBytesMax = kPayloadBytesMax - kKeyBytesMax - 64;

// Why a request is invalid; empty if it is valid.
std::string WhyInvalid(uint64_t epoch) { return std::string(ToEpoch(epoch).status().message()); }

std::string WhyInvalid(const std::string& key, size_t value_bytes, uint64_t client,
                       uint64_t sequence, uint64_t known_epoch) {
  if (key.empty()) return "a key must not be empty";
  if (key.size() > kKeyBytesMax) {
    return absl::StrCat("a key may have ", kKeyBytesMax, " bytes; this one has ", key.size());
  }
  if (value_bytes > kValueBytesMax) {
    return absl::StrCat("a value may have ", kValueBytesMax, " bytes; this one has ", value_bytes);
  }
  if (client == 0 || sequence == 0) return "client and sequence identify a write and must not be 0";
  return WhyInvalid(known_epoch);
}

std::string WhyInvalid(const proto::PutRequest& put) {
  return WhyInvalid(put.key(), put.value().size(), put.client(), put.sequence(), put.known_epoch());
}
std::string WhyInvalid(const proto::DeleteRequest& del) {
  return WhyInvalid(del.key(), 0, del.client(), del.sequence(), del.known_epoch());
}
std::string WhyInvalid(const proto::CompareAndSetRequest& cas) {
  return WhyInvalid(cas.key(), cas.value().size() + cas.expected().size(), cas.client(),
                    cas.sequence(), cas.known_epoch());
}
std::string WhyInvalid(const proto::TransactionRequest& transaction) {
  if (transaction.puts().empty()) return "a transaction must have puts";
  size_t bytes = 0;
  absl::flat_hash_set<absl::string_view> keys;
  for (const auto& put : transaction.puts()) {
    bytes += kKeyBytesMax + put.value().size();
    const std::string complaint = WhyInvalid(put.key(), bytes, transaction.client(),
                                             transaction.sequence(), transaction.known_epoch());
    if (!complaint.empty()) return complaint;
    if (!keys.insert(put.key()).second) return "the keys of a transaction must differ";
  }
  return "";
}
std::string WhyInvalid(const proto::TicketRequest& ask) {
  const std::string complaint = WhyInvalid(ask.known_epoch());
  return complaint.empty() ? WhyInvalid(ask.ticket().epoch()) : complaint;
}
std::string WhyInvalid(const proto::GetRequest& get) { return WhyInvalid(get.position().epoch()); }

// The events of valid requests.

WriteRequest ToWrite(RequestId id, uint64_t known_epoch, const Command& command) {
  WriteRequest write = RequestOf(command);
  write.id = id;
  write.known_epoch = *ToEpoch(known_epoch);
  return write;
}

WriteRequest ToEvent(RequestId id, const proto::PutRequest& put) {
  return ToWrite(id, put.known_epoch(),
                 {put.client(), put.sequence(), CommandKind::kPut, put.key(), put.value()});
}

WriteRequest ToTicketEvent(RequestId id, const proto::PutRequest& put) {
  WriteRequest write = ToEvent(id, put);
  write.ticket = true;
  return write;
}

WriteRequest ToAppendEvent(RequestId id, const proto::PutRequest& append) {
  return ToWrite(
      id, append.known_epoch(),
      {append.client(), append.sequence(), CommandKind::kAppend, append.key(), append.value()});
}

WriteRequest ToEvent(RequestId id, const proto::DeleteRequest& del) {
  return ToWrite(id, del.known_epoch(),
                 {del.client(), del.sequence(), CommandKind::kDelete, del.key(), ""});
}

WriteRequest ToEvent(RequestId id, const proto::CompareAndSetRequest& cas) {
  Command command{cas.client(), cas.sequence(), CommandKind::kCas, cas.key(), cas.value()};
  if (cas.has_expected()) command.expected = cas.expected();
  return ToWrite(id, cas.known_epoch(), command);
}

WriteRequest ToEvent(RequestId id, const proto::TransactionRequest& transaction) {
  std::vector<KeyValue> puts;
  for (const auto& put : transaction.puts()) puts.push_back({put.key(), put.value()});
  const std::string encoded = EncodePuts(puts);
  return ToWrite(
      id, transaction.known_epoch(),
      {transaction.client(), transaction.sequence(), CommandKind::kTransaction, "", encoded});
}

TicketRequest ToEvent(RequestId id, const proto::TicketRequest& ask, bool watch) {
  return {id, *ToEpoch(ask.known_epoch()), *FromWire(ask.ticket()), watch};
}

ReadRequest ToEvent(RequestId id, const proto::GetRequest& get) {
  ReadRequest read{id, get.key(), ReadConsistency::kAny, *FromWire(get.position())};
  if (get.consistency() == proto::AT_POSITION) read.consistency = ReadConsistency::kAtPosition;
  if (get.consistency() == proto::PRIMARY) read.consistency = ReadConsistency::kPrimary;
  return read;
}

// The same for an operation of a session.
std::string WhyInvalid(const proto::Operation& operation) {
  if (operation.has_put()) return WhyInvalid(operation.put());
  if (operation.has_submit()) return WhyInvalid(operation.submit());
  if (operation.has_delete_()) return WhyInvalid(operation.delete_());
  if (operation.has_get()) return WhyInvalid(operation.get());
  if (operation.has_ask()) return WhyInvalid(operation.ask());
  if (operation.has_append()) return WhyInvalid(operation.append());
  if (operation.has_cas()) return WhyInvalid(operation.cas());
  if (operation.has_transaction()) return WhyInvalid(operation.transaction());
  return "an operation must be put, delete, append, cas, transaction, get, submit or ask";
}

Event ToEvent(RequestId id, const proto::Operation& operation) {
  if (operation.has_put()) return ToEvent(id, operation.put());
  if (operation.has_submit()) return ToTicketEvent(id, operation.submit());
  if (operation.has_delete_()) return ToEvent(id, operation.delete_());
  if (operation.has_ask()) return ToEvent(id, operation.ask(), operation.ask().watch());
  if (operation.has_append()) return ToAppendEvent(id, operation.append());
  if (operation.has_cas()) return ToEvent(id, operation.cas());
  if (operation.has_transaction()) return ToEvent(id, operation.transaction());
  return ToEvent(id, operation.get());
}

// A unary call, finished by the node's answer. `to_event` makes the event for a request id.
template <class ToEvent>
grpc::ServerUnaryReactor* Call(NodeLoop& loop, ClientRequests& requests,
                               grpc::CallbackServerContext* context, const std::string& complaint,
                               proto::WriteResponse* response, const ToEvent& to_event) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (!complaint.empty()) {
    reactor->Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, complaint));
    return reactor;
  }
  std::vector<ClientRequests::Waiting> waiting;
  waiting.emplace_back(ClientRequests::ToWrite([reactor, response](proto::WriteResponse answer) {
    *response = std::move(answer);
    reactor->Finish(grpc::Status::OK);
  }));
  loop.Post(to_event(requests.Add(std::move(waiting))));
  return reactor;
}

// Sends a snapshot of all keys, in messages of a bounded size.
class ScanReactor final : public grpc::ServerWriteReactor<proto::ScanResponse> {
 public:
  void Begin(std::vector<proto::ScanResponse> pages) {
    pages_ = std::move(pages);
    Next();
  }
  void OnWriteDone(bool ok) override { ok ? Next() : Finish(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }

 private:
  void Next() {
    if (next_ == pages_.size()) return Finish(grpc::Status::OK);
    StartWrite(&pages_[next_++]);
  }
  std::vector<proto::ScanResponse> pages_;
  size_t next_ = 0;
};

}  // namespace

grpc::ServerUnaryReactor* KvService::Put(grpc::CallbackServerContext* context,
                                         const proto::PutRequest* request,
                                         proto::WriteResponse* response) {
  return Call(loop_, requests_, context, WhyInvalid(*request), response,
              [request](RequestId id) { return ToEvent(id, *request); });
}

grpc::ServerUnaryReactor* KvService::Delete(grpc::CallbackServerContext* context,
                                            const proto::DeleteRequest* request,
                                            proto::WriteResponse* response) {
  return Call(loop_, requests_, context, WhyInvalid(*request), response,
              [request](RequestId id) { return ToEvent(id, *request); });
}

grpc::ServerUnaryReactor* KvService::Append(grpc::CallbackServerContext* context,
                                            const proto::PutRequest* request,
                                            proto::WriteResponse* response) {
  return Call(loop_, requests_, context, WhyInvalid(*request), response,
              [request](RequestId id) { return ToAppendEvent(id, *request); });
}

grpc::ServerUnaryReactor* KvService::CompareAndSet(grpc::CallbackServerContext* context,
                                                   const proto::CompareAndSetRequest* request,
                                                   proto::WriteResponse* response) {
  return Call(loop_, requests_, context, WhyInvalid(*request), response,
              [request](RequestId id) { return ToEvent(id, *request); });
}

grpc::ServerUnaryReactor* KvService::Transact(grpc::CallbackServerContext* context,
                                              const proto::TransactionRequest* request,
                                              proto::WriteResponse* response) {
  return Call(loop_, requests_, context, WhyInvalid(*request), response,
              [request](RequestId id) { return ToEvent(id, *request); });
}

grpc::ServerUnaryReactor* KvService::Submit(grpc::CallbackServerContext* context,
                                            const proto::PutRequest* request,
                                            proto::WriteResponse* response) {
  return Call(loop_, requests_, context, WhyInvalid(*request), response,
              [request](RequestId id) { return ToTicketEvent(id, *request); });
}

grpc::ServerUnaryReactor* KvService::Poll(grpc::CallbackServerContext* context,
                                          const proto::TicketRequest* request,
                                          proto::WriteResponse* response) {
  return Call(loop_, requests_, context, WhyInvalid(*request), response,
              [request](RequestId id) { return ToEvent(id, *request, false); });
}

grpc::ServerUnaryReactor* KvService::Watch(grpc::CallbackServerContext* context,
                                           const proto::TicketRequest* request,
                                           proto::WriteResponse* response) {
  return Call(loop_, requests_, context, WhyInvalid(*request), response,
              [request](RequestId id) { return ToEvent(id, *request, true); });
}

grpc::ServerUnaryReactor* KvService::Get(grpc::CallbackServerContext* context,
                                         const proto::GetRequest* request,
                                         proto::GetResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (const std::string complaint = WhyInvalid(*request); !complaint.empty()) {
    reactor->Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, complaint));
    return reactor;
  }
  std::vector<ClientRequests::Waiting> waiting;
  waiting.emplace_back(ClientRequests::ToRead([reactor, response](proto::GetResponse answer) {
    *response = std::move(answer);
    reactor->Finish(grpc::Status::OK);
  }));
  loop_.Post(ToEvent(requests_.Add(std::move(waiting)), *request));
  return reactor;
}

grpc::ServerBidiReactor<proto::SessionRequest, proto::SessionResponse>* KvService::Session(
    grpc::CallbackServerContext*) {
  const auto session = std::make_shared<std::weak_ptr<SessionStream>>();
  StreamHooks<proto::SessionRequest> hooks;
  hooks.received = [this, session](proto::SessionRequest& request) {
    if (const auto open = session->lock()) Received(open, request);
  };
  hooks.closed = [this, session] { requests_.Confirmed(session->lock().get()); };
  const auto stream = SessionStream::Start(std::move(hooks), MergeResponses);
  *session = stream;
  stream->BeginReading();
  return stream.get();
}

void KvService::Received(const std::shared_ptr<SessionStream>& session,
                         proto::SessionRequest& request) {
  if (request.operations().empty()) return requests_.Confirmed(session.get());
  std::vector<ClientRequests::Waiting> waiting;
  std::vector<const proto::Operation*> accepted;
  waiting.reserve(static_cast<size_t>(request.operations_size()));
  for (const proto::Operation& operation : request.operations()) {
    const std::string complaint = WhyInvalid(operation);
    // A session has no status per operation, so an invalid operation ends it.
    if (!complaint.empty()) return session->Close();
    accepted.push_back(&operation);
    waiting.emplace_back(ClientRequests::ToSession{session, operation.id()});
  }
  RequestId id = requests_.Add(std::move(waiting));
  std::vector<Event> events;
  events.reserve(accepted.size());
  for (const proto::Operation* operation : accepted) {
    events.push_back(ToEvent(id, *operation));
    ++id;
  }
  loop_.PostAll(std::move(events));
}

grpc::ServerWriteReactor<proto::ScanResponse>* KvService::Scan(grpc::CallbackServerContext*,
                                                               const proto::ScanRequest*) {
  auto* reactor = new ScanReactor();
  loop_.Do([reactor](Node& node) {
    constexpr size_t kPageBytes = 512 << 10;
    std::vector<proto::ScanResponse> pages(1);
    size_t bytes = 0;
    node.store().ForEach([&](const std::string& key, const KvStore::Entry& entry) {
      if (bytes > kPageBytes) {
        pages.emplace_back();
        bytes = 0;
      }
      proto::ScanResponse::Entry* out = pages.back().add_entries();
      out->set_key(key);
      out->set_value(entry.value);
      ToWire(entry.position, out->mutable_position());
      bytes += key.size() + entry.value.size() + 32;
    });
    reactor->Begin(std::move(pages));
  });
  return reactor;
}

}  // namespace replsim
