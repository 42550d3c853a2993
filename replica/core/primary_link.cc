#include "replica/core/primary_link.h"

#include <algorithm>

namespace replsim {

StreamId PrimaryLink::stream() const {
  if (const auto* d = std::get_if<Dialing>(&state_)) return d->stream;
  if (const auto* t = std::get_if<Truncating>(&state_)) return t->stream;
  if (const auto* s = std::get_if<Streaming>(&state_)) return s->stream;
  return StreamId(0);
}

void PrimaryLink::DialIfDue(Instant now, Effects* out) {
  if (const auto* d = std::get_if<Dialing>(&state_);
      d != nullptr && d->since + options_.heartbeat_timeout <= now) {
    HangUp(now, out);
  }
  if (streaming() && *last_heard_ + options_.heartbeat_timeout <= now) HangUp(now, out);
  const auto* d = std::get_if<Disconnected>(&state_);
  if (d == nullptr || d->retry_at > now || primary_.empty()) return;
  const StreamId stream = next_stream_;
  ++next_stream_;
  state_ = Dialing{stream, now};
  out->push_back(Dial{stream, primary_});
}

void PrimaryLink::HangUp(Instant now, Effects* out) {
  if (const StreamId open = stream(); open != StreamId(0)) out->push_back(CloseStream{open});
  Redial(now);
}

void PrimaryLink::Disconnect(Instant retry_at) {
  if (auto* t = std::get_if<Truncating>(&state_)) {
    t->stream = StreamId(0);
  } else {
    state_ = Disconnected{retry_at};
  }
}

std::optional<PrimaryLink::Truncating> PrimaryLink::EndTruncating(Instant now) {
  auto* t = std::get_if<Truncating>(&state_);
  if (t == nullptr) return std::nullopt;
  std::optional<Truncating> done = std::move(*t);
  state_ = Disconnected{now};
  return done;
}

void PrimaryLink::BeginStreaming(StreamId stream, Instant now) {
  Heard(now);
  state_ = Streaming{stream};
}

Instant PrimaryLink::NextTimer() const {
  if (const auto* d = std::get_if<Disconnected>(&state_); d != nullptr && !primary_.empty()) {
    return d->retry_at;
  }
  if (const auto* d = std::get_if<Dialing>(&state_)) return d->since + options_.heartbeat_timeout;
  if (streaming()) return *last_heard_ + options_.heartbeat_timeout;
  return kNever;
}

}  // namespace replsim
