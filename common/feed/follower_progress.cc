#include "common/feed/follower_progress.h"

#include <algorithm>
#include <utility>

#include "common/base/check.h"

namespace replsim {

void FollowerProgress::Connect(StreamId stream, Lsn resume_after, bool truncates, Lsn commit,
                               Instant now) {
  const Connection connection{stream, now, now, commit};
  if (truncates) {
    Probing probing;
    static_cast<Connection&>(probing) = connection;
    probing.resume_after = resume_after;
    state_ = probing;
  } else {
    StreamFrom(connection, resume_after + 1);
  }
  reported_ = Ack{};
  flight_limit_.Connected(now);
}

void FollowerProgress::StreamFrom(const Connection& connection, Lsn next) {
  Streaming streaming;
  static_cast<Connection&>(streaming) = connection;
  streaming.next = next;
  state_ = std::move(streaming);
}

void FollowerProgress::Disconnect() {
  if (const Streaming* s = streaming(); s != nullptr && !s->in_flight.empty())
    flight_limit_.Halve();
  last_heard_ = last_heard();
  state_ = Disconnected{};
}

FollowerProgress::Connection* FollowerProgress::connection() {
  if (Streaming* s = streaming()) return s;
  return std::get_if<Probing>(&state_);
}

const FollowerProgress::Connection* FollowerProgress::connection() const {
  if (const Streaming* s = streaming()) return s;
  return std::get_if<Probing>(&state_);
}

Lsn FollowerProgress::sent() const {
  if (const Streaming* s = streaming()) return s->next - 1;
  return std::get<Probing>(state_).resume_after;
}

bool FollowerProgress::WindowOpen(const SendWindow& window) const {
  const Streaming* s = streaming();
  if (s == nullptr || s->reading) return false;
  if (s->in_flight_bytes >= std::min(window.bytes_max, flight_limit_.bytes())) return false;
  return s->in_flight.empty() || s->next - 1 - reported_.write < window.records_max;
}

void FollowerProgress::Sent(const RecordBatch& batch, Instant now) {
  Streaming* s = streaming();
  REPL_CHECK(s != nullptr && batch.first == s->next, "sent ", batch.first.value());
  s->next = batch.last + 1;
  s->last_sent = now;
  s->in_flight.push_back({batch.last, batch.bytes.size(), now});
  s->in_flight_bytes += batch.bytes.size();
}

bool FollowerProgress::Acked(const Ack& ack, Instant now) {
  Connection* connected = connection();
  if (connected == nullptr || ack.receive > sent() || ack.write > ack.receive ||
      ack.flush > ack.write || ack.apply > ack.receive) {
    return false;
  }
  connected->last_heard = now;
  bound_since_ = std::max(bound_since_, std::min(ack.heard, now));
  flight_limit_.Heard(now);
  if (const auto* p = std::get_if<Probing>(&state_)) {
    const Probing probed = *p;
    StreamFrom(probed, probed.resume_after + 1);
  }
  Streaming* s = streaming();
  if (!s->in_flight.empty() && s->in_flight.front().last <= ack.write) {
    flight_limit_.Acked(now - s->in_flight.front().at);
  }
  while (!s->in_flight.empty() && s->in_flight.front().last <= ack.write) {
    s->in_flight_bytes -= s->in_flight.front().bytes;
    s->in_flight.pop_front();
  }
  reported_ = ack;
  return true;
}

Lsn FollowerProgress::At(Stage stage) const {
  switch (stage) {
    case Stage::kReplicaReceive:
      return reported_.receive;
    case Stage::kReplicaWrite:
      return reported_.write;
    case Stage::kReplicaFlush:
      return reported_.flush;
    case Stage::kReplicaApply:
      return reported_.apply;
    default:
      break;
  }
  REPL_CHECK(false, Name(stage), " is not a replica's stage");
  return Lsn(0);
}

}  // namespace replsim
