#include "simulator/analysis/lag/monitor_view.h"

#include <algorithm>

namespace replsim {
namespace {

constexpr int64_t kStatusIntervalNs = 1'000'000'000;  // wal_receiver_status_interval

StagePosition PositionOf(const TraceRecord& record) {
  return {record.epoch, record.lsn, record.bytes};
}

// The first point of the lineage that includes `lsn`; end() if there is none.
std::vector<LineagePoint>::const_iterator Holding(const std::vector<LineagePoint>& points,
                                                  uint64_t lsn) {
  return std::lower_bound(points.begin(), points.end(), lsn,
                          [](const LineagePoint& p, uint64_t wanted) { return p.lsn < wanted; });
}

}  // namespace

MonitorView::MonitorView(const Recording& recording, const LeadershipHistory& leadership_history,
                         size_t node)
    : recording_(recording), lineages_(leadership_history), node_(node), reachable_(recording) {}

const Leadership& MonitorView::leader() const { return lineages_.leaderships()[*leadership_]; }

const Seen& MonitorView::MoveTo(int64_t time_ns) {
  seen_.time_ns = time_ns;
  reachable_.MoveTo(time_ns);
  const std::optional<size_t> leading = lineages_.LeadingAt(time_ns);
  if (leading != leadership_) Follow(leading);
  const bool traced = leadership_ && leader().traced;
  if (traced) {
    const std::vector<TraceRecord>& trace = *recording_.nodes[leader().node].trace;
    while (primary_next_ < trace.size() && trace[primary_next_].time_ns <= time_ns) {
      TakeOfPrimary(trace[primary_next_++]);
    }
  }
  const std::vector<TraceRecord>& own = *recording_.nodes[node_].trace;
  while (replica_next_ < own.size() && own[replica_next_].time_ns <= time_ns) {
    TakeOfReplica(own[replica_next_++]);
  }
  seen_.leads = leadership_ && leader().node == node_;
  seen_.primary_answers = traced && reachable_.Answers(leader().node);
  seen_.replica_answers = reachable_.Answers(node_);
  seen_.to_replica_passes = traced && reachable_.Passes(leader().node, node_);
  seen_.to_primary_passes = traced && reachable_.Passes(node_, leader().node);
  TellStatus();
  if (last_append_) {
    seen_.primary_ahead_ns = StampOf(last_append_->lsn) - last_append_->time_ns;
  }
  if (last_wall_lag_) {
    const auto shown = static_cast<int64_t>(last_wall_lag_->bytes);
    seen_.replay_age_ns = shown + time_ns - last_wall_lag_->time_ns;
    seen_.replica_ahead_ns = shown + StampOf(last_wall_lag_->lsn) - last_wall_lag_->time_ns;
    seen_.clocks_compared = true;
  } else {
    seen_.replay_age_ns.reset();
  }
  seen_.heard_apply_bytes = BytesAt(seen_.heard_apply_lsn);
  seen_.replay_lag_ns = seen_.streaming ? replay_lag_.value_ns() : std::nullopt;
  return seen_;
}

// A new primary knows nothing about the replica until it connects.
void MonitorView::Follow(std::optional<size_t> leadership) {
  leadership_ = leadership;
  seen_.streaming = false;
  sent_.clear();
  last_append_.reset();
  if (!leadership_ || !leader().traced) return;
  seen_.appended = {leader().epoch, leader().after_lsn, leader().after_bytes};
  seen_.written = seen_.appended;
  flushed_lsn_ = leader().after_lsn;
  const std::vector<TraceRecord>& trace = *recording_.nodes[leader().node].trace;
  const auto leads = std::find_if(trace.begin(), trace.end(), [this](const TraceRecord& record) {
    return static_cast<TraceKind>(record.kind) == TraceKind::kLeads &&
           record.epoch == leader().epoch;
  });
  primary_next_ = static_cast<size_t>(leads - trace.begin());
}

void MonitorView::TakeOfPrimary(const TraceRecord& record) {
  const auto kind = static_cast<TraceKind>(record.kind);
  switch (kind) {
    case TraceKind::kAppend:
      seen_.appended = PositionOf(record);
      last_append_ = record;
      return;
    case TraceKind::kWrite:
      seen_.written = PositionOf(record);
      return;
    case TraceKind::kFlush:
      flushed_lsn_ = record.lsn;
      if (seen_.streaming) replay_lag_.Flushed(record.lsn, record.time_ns);
      return;
    default:
      if (record.peer == node_) TakeOfPeer(kind, record);
  }
}

void MonitorView::TakeOfPeer(TraceKind kind, const TraceRecord& record) {
  switch (kind) {
    case TraceKind::kConnected:
      seen_.streaming = true;
      seen_.connected_ns = heard_ns_ = record.time_ns;
      seen_.connected_lsn = sent_lsn_ = seen_.heard_apply_lsn = record.lsn;
      sent_.clear();
      replay_lag_.Connected(flushed_lsn_, record.time_ns);
      return;
    case TraceKind::kDisconnected:
      seen_.streaming = false;
      return;
    case TraceKind::kSend:
      sent_lsn_ = record.lsn;
      sent_.emplace_back(record.lsn, seen_.appended.lsn);
      return;
    case TraceKind::kPeerApply:
      seen_.heard_apply_lsn = record.lsn;
      [[fallthrough]];
    case TraceKind::kPeerReceive:
    case TraceKind::kPeerWrite:
    case TraceKind::kPeerFlush:
      heard_ns_ = record.time_ns;
      replay_lag_.Replied(seen_.heard_apply_lsn, record.time_ns);
      return;
    default:
      return;
  }
}

void MonitorView::TakeOfReplica(const TraceRecord& record) {
  switch (static_cast<TraceKind>(record.kind)) {
    case TraceKind::kStarted:
      seen_.received = seen_.flushed = seen_.applied = PositionOf(record);
      last_wall_lag_.reset();
      seen_.fetch_lag.reset();
      return;
    case TraceKind::kTruncated:
      for (StagePosition* at : {&seen_.received, &seen_.flushed, &seen_.applied}) {
        if (at->lsn > record.lsn) *at = PositionOf(record);
      }
      return;
    case TraceKind::kAppend:
      seen_.received = PositionOf(record);
      Received(record.lsn);
      return;
    case TraceKind::kFlush:
      seen_.flushed = PositionOf(record);
      return;
    case TraceKind::kApply:
      seen_.applied = PositionOf(record);
      return;
    case TraceKind::kWallLag:
      last_wall_lag_ = record;
      return;
    default:
      return;
  }
}

// Each received batch carried the log end at the time it was sent.
void MonitorView::Received(uint64_t lsn) {
  while (!sent_.empty() && sent_.front().first <= lsn) {
    const uint64_t end = sent_.front().second;
    seen_.fetch_lag = end > lsn ? end - lsn : 0;
    sent_.pop_front();
  }
}

// An acknowledgement without progress leaves no record. One per second is assumed to arrive while
// the link to the primary is open.
void MonitorView::TellStatus() {
  const bool due = seen_.time_ns - heard_ns_ >= kStatusIntervalNs;
  if (!due || !seen_.streaming || !seen_.to_primary_passes) return;
  heard_ns_ = seen_.time_ns;
  replay_lag_.Status(seen_.heard_apply_lsn, sent_lsn_, seen_.time_ns);
}

int64_t MonitorView::StampOf(uint64_t lsn) const {
  if (!leadership_) return seen_.time_ns;
  const std::optional<std::vector<LogEntry>>& log = recording_.nodes[leader().node].log;
  const std::vector<LineagePoint>& points = leader().lineage;
  if (log && !log->empty() && lsn >= log->front().lsn && lsn <= log->back().lsn) {
    const LogEntry& entry = (*log)[lsn - log->front().lsn];
    if (entry.epoch <= leader().epoch && entry.time_ns != 0) return entry.time_ns;
  }
  const auto point = Holding(points, lsn);
  return point == points.end() ? seen_.time_ns : point->time_ns;
}

uint64_t MonitorView::BytesAt(uint64_t lsn) const {
  if (!leadership_ || !leader().traced) return 0;
  const std::vector<LineagePoint>& points = leader().lineage;
  const auto after = Holding(points, lsn);
  if (after == points.end()) return points.empty() ? 0 : points.back().bytes;
  const LineagePoint before = after == points.begin() ? LineagePoint{} : *std::prev(after);
  const double share =
      static_cast<double>(lsn - before.lsn) / static_cast<double>(after->lsn - before.lsn);
  return before.bytes +
         static_cast<uint64_t>(share * static_cast<double>(after->bytes - before.bytes));
}

}  // namespace replsim
