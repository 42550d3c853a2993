#include "simulator/cluster/virtual/virtual_streams.h"

#include "common/base/check.h"
#include "simulator/cluster/virtual/virtual_node.h"

namespace replsim {
namespace {

constexpr Nanos kAskDeadline = Millis(1000);  // of the calls in common/server/rpc/peer_streams.cc

// Bytes on the wire: those of a record, or an estimate for a small message.
uint64_t BytesOf(const Message& message) {
  constexpr uint64_t kSmall = 64;
  const auto* append = std::get_if<Append>(&message);
  return append == nullptr || append->batch == nullptr ? kSmall
                                                       : kSmall + append->batch->bytes.size();
}

Traffic TrafficOf(const Message& message) {
  if (std::holds_alternative<Ack>(message)) return Traffic::kAck;
  const auto* append = std::get_if<Append>(&message);
  return append == nullptr || append->batch == nullptr ? Traffic::kOther : Traffic::kRecords;
}

}  // namespace

void VirtualStreams::SetNodes(std::vector<VirtualNode*> nodes) {
  nodes_ = std::move(nodes);
  streams_.resize(nodes_.size());
  unread_.resize(nodes_.size());
  asked_by_.resize(nodes_.size());
}

void VirtualStreams::Dial(size_t from, StreamId stream, size_t to, Instant depart) {
  const auto connection = std::make_shared<Connection>();
  connection->ends[0] = {from, stream, true, kNever};
  connection->ends[1] = {to, StreamId(0), false, kNever};
  streams_[from][stream] = {connection, 0};
  // As in a live run, the dialler may send at once; its messages wait for the connection.
  nodes_[from]->Post(StreamOpened{stream});
  network_->Connect(from, to);
  network_->Transmit(from, to, depart, 0, [this, connection, to](bool) {
    if (!connection->ends[0].open || connection->reset) return;
    End& listener = connection->ends[1];
    if (!nodes_[to]->running()) return CloseSide({connection, 1}, scheduler_->Now());
    listener.stream = StreamId(next_accepted_++);
    listener.open = true;
    streams_[to][listener.stream] = {connection, 1};
    ToNode(to, [this, to, stream = listener.stream] { nodes_[to]->Post(StreamOpened{stream}); });
  });
}

void VirtualStreams::Send(size_t from, StreamId stream, Message message, Instant depart) {
  const auto place = streams_[from].find(stream);
  if (place == streams_[from].end()) return;
  const std::shared_ptr<Connection>& connection = place->second.connection;
  const size_t other = 1 - place->second.side;
  const uint64_t bytes = BytesOf(message);
  const Traffic traffic = TrafficOf(message);
  network_->Transmit(
      from, connection->ends[other].node, depart, bytes,
      [this, connection, other, depart, message = std::move(message)](bool held) mutable {
        if (connection->reset || !connection->ends[1 - other].Delivers(depart, held)) return;
        Arrived(connection, other,
                MessageReceived{connection->ends[other].stream, std::move(message)});
      },
      traffic);
}

void VirtualStreams::Arrived(const std::shared_ptr<Connection>& connection, size_t side,
                             Event event) {
  const size_t node = connection->ends[side].node;
  ToNode(node, [this, connection, side, node, event = std::move(event)]() mutable {
    if (connection->ends[side].open) nodes_[node]->Post(std::move(event));
  });
}

void VirtualStreams::ToNode(size_t node, absl::AnyInvocable<void()> hand) {
  if (!nodes_[node]->running()) return;
  if (nodes_[node]->reads_peers()) return hand();
  unread_[node].push_back(std::move(hand));
}

void VirtualStreams::ReadsAgain(size_t node) {
  for (absl::AnyInvocable<void()>& hand : std::exchange(unread_[node], {})) hand();
}

void VirtualStreams::Close(size_t from, StreamId stream, Instant depart) {
  const auto place = streams_[from].find(stream);
  if (place == streams_[from].end()) return;
  const Place closing = place->second;
  streams_[from].erase(place);
  CloseSide(closing, depart);
}

void VirtualStreams::CloseSide(const Place& place, Instant depart) {
  const std::shared_ptr<Connection>& connection = place.connection;
  End& mine = connection->ends[place.side];
  mine.open = false;
  mine.closed_at = depart;
  const size_t other = 1 - place.side;
  network_->Transmit(mine.node, connection->ends[other].node, depart, 0,
                     [this, connection, other](bool) {
                       End& theirs = connection->ends[other];
                       if (!theirs.open || connection->reset) return;
                       theirs.open = false;
                       streams_[theirs.node].erase(theirs.stream);
                       Closed(theirs);
                     });
}

void VirtualStreams::Closed(const End& end) {
  ToNode(end.node, [this, node = end.node, stream = end.stream] {
    nodes_[node]->Post(StreamClosed{stream});
  });
}

void VirtualStreams::Reset(size_t a, size_t b) {
  std::vector<Place> broken;
  for (const auto& [stream, place] : streams_[a]) {
    if (place.connection->ends[1 - place.side].node == b) broken.push_back(place);
  }
  for (const Place& place : broken) Break(place);
}

void VirtualStreams::Break(const Place& place) {
  place.connection->reset = true;
  for (const size_t side : {place.side, 1 - place.side}) {
    End& end = place.connection->ends[side];
    if (!std::exchange(end.open, false)) continue;
    end.closed_at = scheduler_->Now();
    streams_[end.node].erase(end.stream);
    Closed(end);
  }
}

void VirtualStreams::HostLost(size_t node) {
  for (size_t peer = 0; peer < nodes_.size(); ++peer) {
    if (peer != node) Reset(peer, node);
  }
}

void VirtualStreams::Died(size_t node) {
  unread_[node].clear();
  asked_by_[node].clear();
  const Streams streams = std::exchange(streams_[node], {});
  for (const auto& [stream, place] : streams) CloseSide(place, scheduler_->Now());
}

void VirtualStreams::TransmitAsk(size_t from, size_t to, Instant depart,
                                 absl::AnyInvocable<void()> hand) {
  network_->Transmit(from, to, depart, 0, [this, to, depart, hand = std::move(hand)](bool) mutable {
    if (scheduler_->Now() <= depart + kAskDeadline) ToNode(to, std::move(hand));
  });
}

void VirtualStreams::Ask(size_t from, size_t to, const PeerRequest& request, Instant depart) {
  TransmitAsk(from, to, depart, [this, from, to, request] {
    const AskId ask(next_ask_++);
    asked_by_[to][ask] = from;
    nodes_[to]->Post(PeerAsked{nodes_[from]->id(), request, ask});
  });
}

void VirtualStreams::AnswerAsk(size_t node, AskId ask, const PeerAnswer& answer, Instant depart) {
  const auto asked = asked_by_[node].find(ask);
  REPL_CHECK(asked != asked_by_[node].end(), nodes_[node]->id().name(), " answers twice");
  const size_t from = asked->second;
  asked_by_[node].erase(asked);
  TransmitAsk(node, from, depart, [this, from, node, answer] {
    nodes_[from]->Post(PeerAnswered{nodes_[node]->id(), answer});
  });
}

}  // namespace replsim
