#include "simulator/analysis/exposure.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <utility>

#include "simulator/analysis/lag.h"
#include "simulator/analysis/stages.h"

namespace replsim {
namespace {

constexpr int64_t kNoTime = std::numeric_limits<int64_t>::max();

// Walks one leadership's acknowledgements and flushes.
class Walk {
 public:
  explicit Walk(uint64_t after_lsn) : acked_(after_lsn), flushed_(after_lsn) {}

  // False: the record says nothing about either.
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
  std::deque<std::pair<uint64_t, int64_t>> waiting_;  // acknowledged up to, and when
};

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

// How much of the leader's log the replica that has most of it had received, moving forward in
// time.
class Received {
 public:
  explicit Received(std::vector<LagCurve> curves) : curves_(std::move(curves)) {
    lsn_.resize(curves_.size());
    for (size_t i = 0; i < curves_.size(); ++i) {
      for (size_t j = 0; j < curves_[i].size(); ++j)
        order_.push_back({curves_[i][j].time_ns, i, j});
    }
    std::stable_sort(order_.begin(), order_.end(),
                     [](const Step& a, const Step& b) { return a.time_ns < b.time_ns; });
  }

  int64_t NextChange() const { return at_ < order_.size() ? order_[at_].time_ns : kNoTime; }
  void MoveTo(int64_t time_ns) {
    for (; at_ < order_.size() && order_[at_].time_ns <= time_ns; ++at_) {
      const Step& step = order_[at_];
      const LagPoint& point = curves_[step.curve][step.point];
      const uint64_t before = std::exchange(lsn_[step.curve], point.known ? point.lsn : 0);
      if (lsn_[step.curve] >= best_) {
        best_ = lsn_[step.curve];
      } else if (before == best_) {
        best_ = *std::max_element(lsn_.begin(), lsn_.end());
      }
    }
  }
  uint64_t best() const { return best_; }

 private:
  struct Step {
    int64_t time_ns;
    size_t curve, point;
  };
  const std::vector<LagCurve> curves_;
  std::vector<uint64_t> lsn_;
  std::vector<Step> order_;
  size_t at_ = 0;
  uint64_t best_ = 0;
};

}  // namespace

std::vector<AckedPoint> AckedCurve(const Recording& recording, const Lineages& lineages) {
  std::vector<AckedPoint> curve;
  const std::vector<Leadership>& all = lineages.leaderships();
  for (size_t i = 0; i < all.size(); ++i) {
    int64_t end = kNoTime;  // of a higher epoch, whichever of them is the first
    for (size_t j = i + 1; j < all.size(); ++j) end = std::min(end, all[j].begin_ns);
    if (all[i].begin_ns >= end) continue;
    if (all[i].traced) {
      AddLeadership(all[i], *recording.nodes[all[i].node].trace, end, curve);
    } else {
      curve.push_back({all[i].begin_ns});
    }
  }
  return curve;
}

Exposure SummarizeExposure(const std::vector<AckedPoint>& curve, int64_t begin_ns, int64_t end_ns) {
  Exposure exposure;
  for (size_t i = 0; i < curve.size(); ++i) {
    const AckedPoint& point = curve[i];
    const int64_t from = std::max(point.time_ns, begin_ns);
    const int64_t to = std::min(i + 1 < curve.size() ? curve[i + 1].time_ns : end_ns, end_ns);
    if (!point.known || from >= to) continue;
    const auto length = static_cast<uint64_t>(to - from);
    const uint64_t entries = point.acked > point.flushed ? point.acked - point.flushed : 0;
    exposure.entries.Add(static_cast<int64_t>(entries), length);
    if (entries == 0) {
      exposure.time_ns.Add(0, length);
    } else {
      exposure.time_ns.AddRamp(from - point.oldest_ns, to - from);
    }
  }
  return exposure;
}

Histogram Unreplicated(const Recording& recording, const Lineages& lineages,
                       const std::vector<AckedPoint>& acked, int64_t begin_ns, int64_t end_ns) {
  Histogram entries;
  std::vector<LagCurve> curves;
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    const auto& trace = recording.nodes[node].trace;
    if (!trace || trace->empty()) continue;
    curves.push_back(BuildLagCurve(lineages, node, StageSteps(*trace, kReceiveStage)));
  }
  const bool any = std::any_of(curves.begin(), curves.end(), [](const LagCurve& curve) {
    return std::any_of(curve.begin(), curve.end(), [](const LagPoint& p) { return p.known; });
  });
  if (!any) return entries;
  Received received(std::move(curves));
  for (size_t i = 0; i < acked.size(); ++i) {
    const AckedPoint& point = acked[i];
    int64_t from = std::max(point.time_ns, begin_ns);
    const int64_t to = std::min(i + 1 < acked.size() ? acked[i + 1].time_ns : end_ns, end_ns);
    while (from < to) {
      received.MoveTo(from);
      const int64_t until = std::min(to, received.NextChange());
      if (point.known) {
        const uint64_t missing = point.acked > received.best() ? point.acked - received.best() : 0;
        entries.Add(static_cast<int64_t>(missing), static_cast<uint64_t>(until - from));
      }
      from = until;
    }
  }
  return entries;
}

}  // namespace replsim
