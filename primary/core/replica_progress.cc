#include "primary/core/replica_progress.h"

#include <algorithm>

#include "common/base/check.h"

namespace replsim {

void ReplicaProgress::Connect(StreamId stream, Lsn resume_after, bool cuts, Instant now) {
  Streaming streaming;
  streaming.stream = stream;
  streaming.next = resume_after + 1;
  streaming.cutting = cuts;
  streaming.last_sent = now;
  streaming.last_heard = now;
  state_ = std::move(streaming);
  reported_ = Ack{};
  flight_limit_.Connected(now);
}

void ReplicaProgress::Disconnect() {
  if (const Streaming* s = streaming(); s != nullptr && !s->in_flight.empty())
    flight_limit_.Halve();
  state_ = Disconnected{};
}

bool ReplicaProgress::WindowOpen(const SendWindow& window) const {
  const Streaming* s = streaming();
  if (s == nullptr || s->cutting || s->reading) return false;
  if (s->in_flight_bytes >= std::min(window.bytes_max, flight_limit_.bytes())) return false;
  return s->in_flight.empty() || s->next - 1 - reported_.write < window.records_max;
}

void ReplicaProgress::Sent(const RecordBatch& batch, Instant now) {
  Streaming* s = streaming();
  REPL_CHECK(s != nullptr && batch.first == s->next, "sent ", batch.first.value());
  s->next = batch.last + 1;
  s->last_sent = now;
  s->in_flight.push_back({batch.last, batch.bytes.size(), now});
  s->in_flight_bytes += batch.bytes.size();
}

bool ReplicaProgress::Acked(const Ack& ack, Instant now) {
  Streaming* s = streaming();
  if (s == nullptr || ack.receive >= s->next || ack.write > ack.receive || ack.flush > ack.write ||
      ack.apply > ack.receive) {
    return false;
  }
  s->last_heard = now;
  flight_limit_.Heard(now);
  s->cutting = false;
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

Lsn ReplicaProgress::At(Stage stage) const {
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
