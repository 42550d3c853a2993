#include "simulator/analysis/durability/exposure.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <utility>

#include "common/base/time.h"
#include "simulator/analysis/evidence/curve_intervals.h"

namespace replsim {
namespace {

// Walks one leadership's acknowledgements and flushes.
class Walk {
 public:
  explicit Walk(uint64_t after_lsn) : acked_(after_lsn), flushed_(after_lsn) {}

  // Returns false if the record is neither an acknowledgement nor a flush.
  bool Take(const TraceRecord& record) {
    const auto kind = static_cast<TraceKind>(record.kind);
    if (kind == TraceKind::kCommit) {
      acked_ = std::max(acked_, record.lsn);
      waiting_.emplace_back(record.lsn, record.time_ns);
    } else if (kind == TraceKind::kFlush) {
      flushed_ = std::max(flushed_, record.lsn);
    } else {
      return false;
    }
    while (!waiting_.empty() && waiting_.front().first <= flushed_) waiting_.pop_front();
    return true;
  }

  AckedPoint At(int64_t time_ns) const {
    return {time_ns, true, acked_, flushed_, waiting_.empty() ? 0 : waiting_.front().second};
  }

 private:
  uint64_t acked_;
  uint64_t flushed_;
  std::deque<std::pair<uint64_t, int64_t>> waiting_;  // (acknowledged LSN, time), not yet flushed
};

// Adds the points of one leadership, until `end_ns` or until its primary restarts.
void AddLeadership(const Leadership& leader, const std::vector<TraceRecord>& trace, int64_t end_ns,
                   std::vector<AckedPoint>& curve) {
  Walk walk(leader.after_lsn);
  curve.push_back(walk.At(leader.begin_ns));
  auto record = std::find_if(trace.begin(), trace.end(), [&](const TraceRecord& r) {
    return static_cast<TraceKind>(r.kind) == TraceKind::kLeads && r.epoch == leader.epoch;
  });
  for (; record != trace.end() && record->time_ns < end_ns; ++record) {
    if (static_cast<TraceKind>(record->kind) == TraceKind::kStarted) break;
    if (walk.Take(*record)) curve.push_back(walk.At(std::max(record->time_ns, leader.begin_ns)));
  }
}

// Upper bound on the points that a node's acknowledgements and flushes produce.
size_t PointsOf(const std::vector<TraceRecord>& trace) {
  return static_cast<size_t>(std::count_if(trace.begin(), trace.end(), [](const TraceRecord& r) {
    const auto kind = static_cast<TraceKind>(r.kind);
    return kind == TraceKind::kCommit || kind == TraceKind::kFlush || kind == TraceKind::kLeads;
  }));
}

}  // namespace

// The position of the most up-to-date replica, moving forward in time.
class ReceivedWalk {
 public:
  explicit ReceivedWalk(ReceivedByReplicas received)
      : any_known_(received.any_known_), steps_(std::move(received.steps_)) {
    std::stable_sort(steps_.begin(), steps_.end(),
                     [](const Step& a, const Step& b) { return a.time_ns < b.time_ns; });
    for (const Step& step : steps_) lsn_.resize(std::max(lsn_.size(), step.node + 1));
  }

  bool any_known() const { return any_known_; }
  int64_t NextChange() const { return at_ < steps_.size() ? steps_[at_].time_ns : kNeverNs; }
  void MoveTo(int64_t time_ns) {
    for (; at_ < steps_.size() && steps_[at_].time_ns <= time_ns; ++at_) {
      const Step& step = steps_[at_];
      const uint64_t before = std::exchange(lsn_[step.node], step.lsn);
      if (step.lsn >= best_) {
        best_ = step.lsn;
      } else if (before == best_) {
        best_ = *std::max_element(lsn_.begin(), lsn_.end());
      }
    }
  }
  uint64_t best() const { return best_; }

 private:
  using Step = ReceivedByReplicas::Step;

  const bool any_known_;
  std::vector<Step> steps_;
  std::vector<uint64_t> lsn_;
  size_t at_ = 0;
  uint64_t best_ = 0;
};

void ReceivedByReplicas::Add(size_t node, const LagCurve& receive) {
  uint64_t lsn = 0;
  for (const LagPoint& point : receive) {
    any_known_ |= point.known;
    const uint64_t now = point.known ? point.lsn : 0;
    if (std::exchange(lsn, now) != now) steps_.push_back({point.time_ns, node, now});
  }
}

std::vector<AckedPoint> AckedCurve(const Recording& recording,
                                   const LeadershipHistory& leadership_history,
                                   const NodeTimes& times) {
  std::vector<AckedPoint> curve;
  const std::vector<Leadership>& all = leadership_history.leaderships();
  for (size_t i = 0; i < all.size(); ++i) {
    int64_t end = kNeverNs;  // the earliest begin of a leadership with a higher epoch
    for (size_t j = i + 1; j < all.size(); ++j) end = std::min(end, all[j].begin_ns);
    if (all[i].begin_ns >= end) continue;
    int64_t died = kNeverNs;
    for (const TimeRange& down : times.down(all[i].node)) {
      if (down.begin_ns >= all[i].begin_ns) died = std::min(died, down.begin_ns);
    }
    if (all[i].traced) {
      const std::vector<TraceRecord>& trace = *recording.nodes[all[i].node].trace;
      if (curve.empty()) curve.reserve(PointsOf(trace));
      AddLeadership(all[i], trace, std::min(end, died), curve);
    } else {
      curve.push_back({all[i].begin_ns});
    }
    if (died < end) curve.push_back({died});
  }
  return curve;
}

std::vector<UnreplicatedPoint> UnreplicatedCurve(ReceivedByReplicas received_by,
                                                 const std::vector<AckedPoint>& acked,
                                                 int64_t begin_ns, int64_t end_ns) {
  std::vector<UnreplicatedPoint> curve;
  ReceivedWalk received(std::move(received_by));
  if (!received.any_known()) return curve;
  for (size_t i = 0; i < acked.size(); ++i) {
    const AckedPoint& point = acked[i];
    int64_t from = std::max(point.time_ns, begin_ns);
    const int64_t to = std::min(i + 1 < acked.size() ? acked[i + 1].time_ns : end_ns, end_ns);
    while (from < to) {
      received.MoveTo(from);
      const uint64_t missing = point.acked > received.best() ? point.acked - received.best() : 0;
      if (curve.empty() || curve.back().known != point.known || curve.back().entries != missing) {
        curve.push_back({from, point.known, missing});
      }
      from = std::min(to, received.NextChange());
    }
  }
  return curve;
}

ExposureCurves::ExposureCurves(const Recording& recording,
                               const LeadershipHistory& leadership_history, const NodeTimes& times,
                               ReceivedByReplicas received)
    : acked(AckedCurve(recording, leadership_history, times)),
      unreplicated(UnreplicatedCurve(std::move(received), acked, recording.manifest.load_begin_ns(),
                                     recording.manifest.end_ns())) {}

ExposureSummary Summarize(const ExposureCurves& curves, int64_t begin_ns, int64_t end_ns) {
  ExposureSummary summary;
  ForEachInterval(curves.acked, begin_ns, end_ns,
                  [&](const AckedPoint& point, int64_t from, int64_t to) {
                    if (!point.known) return;
                    const auto length = static_cast<uint64_t>(to - from);
                    summary.entries.Add(static_cast<int64_t>(point.exposed()), length);
                    if (point.exposed() == 0) {
                      summary.time_ns.Add(0, length);
                    } else {
                      summary.time_ns.AddRamp(from - point.oldest_ns, to - from);
                    }
                  });
  ForEachInterval(curves.unreplicated, begin_ns, end_ns,
                  [&](const UnreplicatedPoint& point, int64_t from, int64_t to) {
                    if (!point.known) return;
                    summary.unreplicated.Add(static_cast<int64_t>(point.entries),
                                             static_cast<uint64_t>(to - from));
                  });
  return summary;
}

}  // namespace replsim
