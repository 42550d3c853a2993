// The streams of a feed: how they begin and end.
#include "common/feed/feed.h"

#include <algorithm>
#include <utility>

#include "common/base/mutant.h"

namespace replsim {

Feed::Feed(FeedOptions options, Epoch epoch, const RecentLog& recent, Instant now)
    : options_(std::move(options)),
      epoch_(epoch),
      recent_(recent),
      announcer_(options_.announce_interval, options_.announce, now) {
  for (const NodeId& id : options_.followers) {
    followers_.emplace(id, FollowerProgress(options_.heartbeat_timeout));
  }
  for (const NodeId& id : options_.members) followers_.at(id).Count();
}

void Feed::Connect(StreamId stream, const Hello& hello, Welcome welcome, Instant now,
                   Effects* out) {
  FollowerProgress& progress = followers_.at(hello.id);
  if (progress.connected()) Disconnect(hello.id, /*close=*/true, now, out);
  const Lsn resume_after = welcome.resume_after;
  const bool skips = Mutated(Mutant::kSkipOnReconnect) && resume_after > Lsn(0);
  progress.Connect(stream, skips ? resume_after + 1 : resume_after,
                   /*truncates=*/resume_after < hello.last, welcome.commit, now);
  streams_[stream] = hello.id;
  if (!Mutated(Mutant::kCountNoNewReplicas)) progress.Count();
  EmitTrace(TraceKind::kConnected, hello.id, resume_after, out);
  out->push_back(Send{stream, std::move(welcome)});
}

void Feed::HandleAck(StreamId stream, const Ack& ack, Instant now, Effects* out) {
  const auto it = streams_.find(stream);
  if (it == streams_.end()) return;
  const NodeId id = it->second;
  FollowerProgress& progress = followers_.at(id);
  const Ack before = progress.reported();
  if (!progress.Acked(ack, now)) return Disconnect(id, /*close=*/true, now, out);
  TraceAck(id, before, ack, out);
}

void Feed::TraceAck(const NodeId& id, const Ack& before, const Ack& after, Effects* out) const {
  if (after.receive > before.receive) EmitTrace(TraceKind::kPeerReceive, id, after.receive, out);
  if (after.write > before.write) EmitTrace(TraceKind::kPeerWrite, id, after.write, out);
  if (after.flush > before.flush) EmitTrace(TraceKind::kPeerFlush, id, after.flush, out);
  if (after.apply > before.apply) EmitTrace(TraceKind::kPeerApply, id, after.apply, out);
}

void Feed::HandleClosed(StreamId stream, Instant now, Effects* out) {
  const auto it = streams_.find(stream);
  if (it != streams_.end()) Disconnect(NodeId(it->second), /*close=*/false, now, out);
}

void Feed::Disconnect(const NodeId& id, bool close, Instant now, Effects* out) {
  FollowerProgress& progress = followers_.at(id);
  const StreamId stream = progress.connection()->stream;
  const auto follows = [](const auto& follower) { return follower.second.connected(); };
  if (std::all_of(followers_.begin(), followers_.end(), follows)) announcer_.FirstHasLeft(now);
  progress.Disconnect();
  streams_.erase(stream);
  EmitTrace(TraceKind::kDisconnected, id, Lsn(0), out);
  if (close) out->push_back(CloseStream{stream});
}

void Feed::DropSilent(Instant now, Effects* out) {
  for (auto& [id, progress] : followers_) {
    const auto* connection = progress.connection();
    if (connection != nullptr && connection->last_heard + options_.heartbeat_timeout <= now) {
      Disconnect(id, /*close=*/true, now, out);
    }
  }
}

void Feed::CloseAll(Effects* out) {
  for (const auto& [stream, id] : streams_) out->push_back(CloseStream{stream});
  for (auto& [id, progress] : followers_) progress.Disconnect();
  streams_.clear();
}

void Feed::AnnounceIfDue(Instant now, Effects* out) {
  if (!announcer_.Due(now)) return;
  for (const auto& [id, progress] : followers_) {
    if (!progress.connected()) out->push_back(AskPeer{id, Announcement{epoch_, now}});
  }
}

Instant Feed::NextTimer() const {
  Instant next = kNever;
  for (const auto& [id, progress] : followers_) {
    if (const auto* connection = progress.connection()) {
      next = std::min({next, connection->last_sent + options_.heartbeat_interval,
                       connection->last_heard + options_.heartbeat_timeout});
    } else {
      next = std::min(next, announcer_.next());
    }
  }
  return next;
}

Lsn Feed::Slowest(Lsn last) const {
  Lsn slowest = last;
  for (const auto& [id, progress] : followers_) {
    const Ack& reported = progress.reported();
    slowest = std::min({slowest, reported.flush, reported.apply});
  }
  return slowest;
}

}  // namespace replsim
