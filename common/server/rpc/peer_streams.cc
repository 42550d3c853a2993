#include "common/server/rpc/peer_streams.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/base/epoch.h"
#include "common/server/rpc/channel_args.h"
#include "common/server/rpc/count_down.h"
#include "common/server/rpc/wire_convert.h"

namespace replsim {

void PeerStreams::SetAddress(const NodeId& peer, std::string address) {
  absl::MutexLock lock(&mutex_);
  addresses_[peer] = std::move(address);
}

bool PeerStreams::Knows(const NodeId& peer) const {
  absl::MutexLock lock(&mutex_);
  return addresses_.contains(peer);
}

std::shared_ptr<grpc::Channel> PeerStreams::ChannelTo(const NodeId& peer) {
  absl::MutexLock lock(&mutex_);
  const auto address = addresses_.find(peer);
  if (address == addresses_.end() || closed_) return nullptr;
  std::shared_ptr<grpc::Channel>& channel = channels_[address->second];
  if (channel == nullptr) channel = MakeChannel(address->second, token_);
  return channel;
}

void PeerStreams::Dial(StreamId stream, const NodeId& primary) {
  const std::shared_ptr<grpc::Channel> channel = ChannelTo(primary);
  if (channel == nullptr) return post_(StreamClosed{stream});
  const auto stub = std::make_shared<proto::Replication::Stub>(channel);
  StreamHooks<proto::FromPrimary> hooks;
  hooks.received = [this, stream](proto::FromPrimary& wire) { Received(stream, wire); };
  hooks.closed = [this, stream, stub] { Closed(stream); };
  std::shared_ptr<ClientStream<proto::FromReplica, proto::FromPrimary>> dialled;
  {
    // In one piece with the check: a stream that was made and never begun would never end.
    absl::MutexLock lock(&mutex_);
    if (!closed_) {
      dialled = ClientStream<proto::FromReplica, proto::FromPrimary>::Start(
          std::move(hooks), MergeFromReplica, [&](grpc::ClientContext* context, auto* reactor) {
            stub->async()->Stream(context, reactor);
          });
      streams_[stream] = Entry{dialled, nullptr};
    }
  }
  if (dialled == nullptr) return post_(StreamClosed{stream});
  post_(StreamOpened{stream});
  dialled->Begin();  // last: the stream may end at once, and must be in streams_ by then
}

grpc::ServerBidiReactor<proto::FromReplica, proto::FromPrimary>* PeerStreams::Accept() {
  StreamId stream;
  std::shared_ptr<ServerStream<proto::FromReplica, proto::FromPrimary>> accepted;
  {
    absl::MutexLock lock(&mutex_);
    stream = StreamId(next_accepted_++);
    StreamHooks<proto::FromReplica> hooks;
    hooks.received = [this, stream](proto::FromReplica& wire) { Received(stream, wire); };
    hooks.closed = [this, stream] { Closed(stream); };
    accepted = ServerStream<proto::FromReplica, proto::FromPrimary>::Start(std::move(hooks),
                                                                           MergeFromPrimary);
    streams_[stream] = Entry{nullptr, accepted};
  }
  post_(StreamOpened{stream});
  accepted->BeginReading();
  return accepted.get();
}

template <class Wire>
void PeerStreams::Received(StreamId stream, Wire& wire) {
  if (wire.message_case() == Wire::MESSAGE_NOT_SET) return;  // Stream::AfterSent
  std::optional<Message> message = FromWire(wire);
  if (message) return post_(MessageReceived{stream, *std::move(message)});
  Close(stream);  // an invalid message ends the stream
}

void PeerStreams::Closed(StreamId stream) {
  Entry entry;
  {
    absl::MutexLock lock(&mutex_);
    const auto it = streams_.find(stream);
    if (it != streams_.end()) {
      entry = std::move(it->second);
      streams_.erase(it);
    }
  }
  post_(StreamClosed{stream});
}

PeerStreams::Entry PeerStreams::Find(StreamId stream) {
  absl::MutexLock lock(&mutex_);
  const auto it = streams_.find(stream);
  return it == streams_.end() ? Entry{} : it->second;
}

void PeerStreams::Send(StreamId stream, const Message& message) {
  const Entry entry = Find(stream);
  if (entry.dialled != nullptr) entry.dialled->Push(ToFromReplica(message));
  if (entry.accepted != nullptr) entry.accepted->Push(ToFromPrimary(message));
  absl::MutexLock lock(&mutex_);
  if (std::find(to_flush_.begin(), to_flush_.end(), stream) == to_flush_.end()) {
    to_flush_.push_back(stream);
  }
}

void PeerStreams::Close(StreamId stream) {
  FlushAll();
  const Entry entry = Find(stream);
  if (entry.dialled != nullptr) entry.dialled->Close();
  if (entry.accepted != nullptr) entry.accepted->Close();
}

void PeerStreams::FlushAll() {
  std::vector<StreamId> streams;
  {
    absl::MutexLock lock(&mutex_);
    streams.swap(to_flush_);
  }
  for (const StreamId stream : streams) {
    const Entry entry = Find(stream);
    if (entry.dialled != nullptr) entry.dialled->Flush();
    if (entry.accepted != nullptr) entry.accepted->Flush();
  }
}

void PeerStreams::AfterSent(absl::AnyInvocable<void()> then) {
  std::vector<Entry> entries;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [stream, entry] : streams_) entries.push_back(entry);
  }
  const std::function<void()> one_done = CountDown(entries.size() + 1, std::move(then));
  for (const Entry& entry : entries) {
    if (entry.dialled != nullptr) entry.dialled->AfterSent(one_done);
    if (entry.accepted != nullptr) entry.accepted->AfterSent(one_done);
  }
  one_done();
}

template <class Request, class Response>
struct PeerStreams::Call {
  grpc::ClientContext context;
  Request request;
  Response response;
  std::unique_ptr<proto::Replication::Stub> stub;
};

// Sends the request of `call` with `start`. `to_answer` makes the answer of a response and the
// epoch in it. A call that fails is not answered.
template <class Request, class Response, class Start, class ToAnswer>
void PeerStreams::Begin(const NodeId& peer, std::shared_ptr<Call<Request, Response>> call,
                        Start start, ToAnswer to_answer) {
  const std::shared_ptr<grpc::Channel> channel = ChannelTo(peer);
  if (channel == nullptr) return;
  call->stub = proto::Replication::NewStub(channel);
  call->context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
  {
    absl::MutexLock lock(&mutex_);
    if (closed_) return;
    asking_.insert(&call->context);
  }
  auto ended = [this, call, peer, to_answer](const grpc::Status& status) {
    const absl::StatusOr<Epoch> known = ToEpoch(call->response.epoch());
    if (status.ok() && known.ok()) post_(PeerAnswered{peer, to_answer(call->response, *known)});
    absl::MutexLock lock(&mutex_);
    asking_.erase(&call->context);
  };
  start(*call->stub->async(), *call, std::move(ended));
}

void PeerStreams::Ask(const NodeId& peer, const NodeId& self, const PeerRequest& request) {
  if (const auto* announcement = std::get_if<Announcement>(&request)) {
    auto call = std::make_shared<Call<proto::AnnounceRequest, proto::AnnounceResponse>>();
    call->request.set_primary(self.name());
    call->request.set_epoch(announcement->epoch.value());
    ToWire(announcement->in_sync, call->request.mutable_in_sync());
    call->request.set_log_bytes(announcement->log_bytes);
    return Begin(
        peer, std::move(call),
        [](auto& stub, auto& c, auto ended) {
          stub.Announce(&c.context, &c.request, &c.response, std::move(ended));
        },
        [sent = announcement->time](const proto::AnnounceResponse& response, Epoch known) {
          return KnownEpoch{known, sent, response.in_sync()};
        });
  }
  if (const auto* take = std::get_if<TakeLead>(&request)) {
    auto call = std::make_shared<Call<proto::TakeLeadRequest, proto::TakeLeadResponse>>();
    call->request.set_primary(self.name());
    call->request.set_epoch(take->epoch.value());
    return Begin(
        peer, std::move(call),
        [](auto& stub, auto& c, auto ended) {
          stub.TakeLead(&c.context, &c.request, &c.response, std::move(ended));
        },
        [](const proto::TakeLeadResponse&, Epoch known) { return KnownEpoch{known}; });
  }
  if (const auto* pick = std::get_if<PickRequest>(&request)) {
    auto call = std::make_shared<Call<proto::PickRequest, proto::PickResponse>>();
    call->request.set_picker(self.name());
    call->request.set_epoch(pick->epoch.value());
    call->request.set_lead(pick->lead);
    ToWire(pick->primary_log, call->request.mutable_primary_log());
    return Begin(
        peer, std::move(call),
        [](auto& stub, auto& c, auto ended) {
          stub.Pick(&c.context, &c.request, &c.response, std::move(ended));
        },
        [asked = *pick](const proto::PickResponse& response, Epoch known) {
          const absl::StatusOr<Position> end = FromWire(response.end());
          return PickAnswer{asked, response.granted() && end.ok(), known,
                            end.ok() ? *end : Position()};
        });
  }
  const auto& vote = std::get<VoteRequest>(request);
  auto call = std::make_shared<Call<proto::VoteRequest, proto::VoteResponse>>();
  call->request.set_candidate(self.name());
  call->request.set_epoch(vote.epoch.value());
  ToWire(vote.end, call->request.mutable_end());
  call->request.set_pre_vote(vote.pre_vote);
  call->request.set_hand_over(vote.hand_over);
  call->request.set_unclean(vote.unclean);
  Begin(
      peer, std::move(call),
      [](auto& stub, auto& c, auto ended) {
        stub.Vote(&c.context, &c.request, &c.response, std::move(ended));
      },
      [vote](const proto::VoteResponse& response, Epoch known) {
        const absl::StatusOr<PublishedSet> in_sync = FromWire(response.in_sync());
        const absl::StatusOr<LogSize> log = FromWire(response.primary_log());
        return Vote{vote,
                    response.granted() && in_sync.ok() && log.ok(),
                    known,
                    in_sync.ok() ? *in_sync : PublishedSet(),
                    response.hears(),
                    log.ok() ? *log : LogSize(),
                    response.not_eligible()};
      });
}

void PeerStreams::CloseAll() {
  std::vector<Entry> entries;
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
    for (const auto& [stream, entry] : streams_) entries.push_back(entry);
    for (grpc::ClientContext* context : asking_) context->TryCancel();
  }
  for (const Entry& entry : entries) {
    if (entry.dialled != nullptr) entry.dialled->Cancel();
    if (entry.accepted != nullptr) entry.accepted->Close();
  }
  // The gRPC server waits for accepted streams.
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](PeerStreams* self) ABSL_NO_THREAD_SAFETY_ANALYSIS {
        return self->asking_.empty() &&
               std::none_of(self->streams_.begin(), self->streams_.end(),
                            [](const auto& entry) { return entry.second.dialled != nullptr; });
      },
      this));
}

}  // namespace replsim
