// The records and heartbeats of a feed.
#include <algorithm>
#include <utility>

#include "common/base/mutant.h"
#include "common/feed/feed.h"

namespace replsim {

void Feed::SendAll(const Limits& limits, Instant now, Effects* out) {
  for (auto& [id, progress] : followers_) SendTo(id, progress, limits, now, out);
}

void Feed::SendTo(const NodeId& id, FollowerProgress& progress, const Limits& limits, Instant now,
                  Effects* out) {
  while (progress.WindowOpen(options_.window) && progress.streaming()->next <= limits.sendable) {
    FollowerProgress::Streaming& s = *progress.streaming();
    BatchPtr batch = recent_.From(s.next, limits.sendable);
    if (batch == nullptr) {
      s.reading = true;
      const uint64_t bytes = std::min(options_.read_bytes_max, progress.flight_limit().bytes());
      out->push_back(ReadRecords{s.stream, s.next, bytes});
      break;
    }
    SendBatch(id, progress, std::move(batch), limits, now, out);
  }
  FollowerProgress::Connection* connection = progress.connection();
  if (connection == nullptr) return;
  const bool commit_news = options_.commit_is_urgent && connection->commit_sent < limits.commit;
  if (commit_news || connection->last_sent + options_.heartbeat_interval <= now) {
    const Lsn commit = Mutated(Mutant::kHeartbeatCommitsAll) ? limits.appended : limits.commit;
    out->push_back(Send{connection->stream, Append{epoch_, commit, now, nullptr, progress.in_sync(),
                                                   limits.log_bytes}});
    connection->commit_sent = limits.commit;
    connection->last_sent = now;
  }
}

void Feed::SendBatch(const NodeId& id, FollowerProgress& progress, BatchPtr batch,
                     const Limits& limits, Instant now, Effects* out) {
  FollowerProgress::Streaming& s = *progress.streaming();
  const Lsn last = batch->last;
  progress.Sent(*batch, now);
  s.commit_sent = limits.commit;
  out->push_back(Send{s.stream, Append{epoch_, limits.commit, now, std::move(batch),
                                       progress.in_sync(), limits.log_bytes}});
  EmitTrace(TraceKind::kSend, id, last, out);
}

void Feed::HandleRead(const RecordsRead& read, const Limits& limits, Instant now, Effects* out) {
  const auto it = streams_.find(read.stream);
  if (it == streams_.end()) return;
  FollowerProgress& progress = followers_.at(it->second);
  FollowerProgress::Streaming* s = progress.streaming();
  if (s == nullptr) return;  // no read is requested before the first acknowledgement
  s->reading = false;
  // The log may hold more than may be sent yet.
  if (read.batch == nullptr || read.batch->first != s->next || s->next > limits.sendable) return;
  BatchPtr batch = Slice(read.batch, s->next, std::min(read.batch->last, limits.sendable));
  SendBatch(it->second, progress, std::move(batch), limits, now, out);
}

}  // namespace replsim
