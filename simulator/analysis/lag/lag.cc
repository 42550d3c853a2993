#include "simulator/analysis/lag/lag.h"

#include <algorithm>
#include <limits>

#include "common/base/time.h"
#include "simulator/analysis/evidence/curve_intervals.h"

namespace replsim {
namespace {

// Moves forward in time through the leaderships and the appends of the current leader.
class Reference {
 public:
  explicit Reference(const LeadershipHistory& leadership_history)
      : all_(leadership_history.leaderships()) {}

  // When the leader or the end of its log changes next.
  int64_t NextChange() const {
    int64_t next = kNeverNs;
    for (size_t i = newer_; i < all_.size(); ++i) next = std::min(next, all_[i].begin_ns);
    if (known() && own_next_ < leader().lineage.size()) {
      next = std::min(next, leader().lineage[own_next_].time_ns);
    }
    return next;
  }

  void MoveTo(int64_t time_ns) {
    for (size_t i = all_.size(); i-- > newer_;) {
      if (all_[i].begin_ns > time_ns) continue;
      newer_ = i + 1;
      own_next_ = leader().own_from;
      end_ = {leader().after_lsn, leader().after_bytes, leader().begin_ns};
      break;
    }
    if (!known()) return;
    const std::vector<LineagePoint>& lineage = leader().lineage;
    while (own_next_ < lineage.size() && lineage[own_next_].time_ns <= time_ns) {
      end_ = lineage[own_next_++];
    }
  }

  bool known() const { return newer_ > 0; }  // a leader is known
  size_t index() const { return newer_ - 1; }
  const Leadership& leader() const { return all_[newer_ - 1]; }
  const LineagePoint& end() const { return end_; }

 private:
  const std::vector<Leadership>& all_;
  size_t newer_ = 0;  // index of the first leadership newer than the current one
  size_t own_next_ = 0;
  LineagePoint end_;
};

// Finds the first lineage point beyond an LSN. Amortized O(1) while the LSN only grows.
class LineageCursor {
 public:
  const LineagePoint* FirstAfter(const Leadership& leadership, uint64_t lsn) {
    const std::vector<LineagePoint>& points = leadership.lineage;
    if (&points != points_ || (next_ > 0 && points[next_ - 1].lsn > lsn)) {
      points_ = &points;
      const auto found =
          std::upper_bound(points.begin(), points.end(), lsn,
                           [](uint64_t l, const LineagePoint& point) { return l < point.lsn; });
      next_ = static_cast<size_t>(found - points.begin());
    }
    while (next_ < points.size() && points[next_].lsn <= lsn) ++next_;
    return next_ == points.size() ? nullptr : &points[next_];
  }

  // Log size at `lsn`; call FirstAfter(lsn) first. Exact if an append ended at `lsn`, otherwise
  // interpolated between the neighbouring appends.
  uint64_t BytesAt(uint64_t lsn) const {
    const LineagePoint before = next_ == 0 ? LineagePoint{} : (*points_)[next_ - 1];
    if (before.lsn == lsn || next_ == points_->size()) return before.bytes;
    const LineagePoint& after = (*points_)[next_];
    const double share =
        static_cast<double>(lsn - before.lsn) / static_cast<double>(after.lsn - before.lsn);
    return before.bytes +
           static_cast<uint64_t>(share * static_cast<double>(after.bytes - before.bytes));
  }

 private:
  const std::vector<LineagePoint>* points_ = nullptr;
  size_t next_ = 0;
};

LagPoint Compare(const LeadershipHistory& leadership_history, const Reference& reference,
                 const StagePosition& stage, LineageCursor& cursor) {
  LagPoint point;
  const uint64_t common = leadership_history.CommonLsn(stage.epoch, stage.lsn, reference.index());
  point.lsn = common;
  point.known = true;
  if (common >= reference.end().lsn) return point;
  const LineagePoint* missing = cursor.FirstAfter(reference.leader(), common);
  const uint64_t bytes = common == stage.lsn ? stage.bytes : cursor.BytesAt(common);
  point.entries = reference.end().lsn - common;
  point.bytes = reference.end().bytes > bytes ? reference.end().bytes - bytes : 0;
  point.oldest_ns = missing == nullptr ? reference.end().time_ns : missing->time_ns;
  return point;
}

LagAt Measure(const LagPoint& point, int64_t time_ns) {
  return {point.entries, point.bytes,
          point.entries == 0 ? 0 : std::max<int64_t>(time_ns - point.oldest_ns, 0)};
}

}  // namespace

LagCurve BuildLagCurve(const LeadershipHistory& leadership_history, size_t node,
                       const StepFunction<StagePosition>& stage) {
  LagCurve curve;
  size_t points = stage.points().size() + leadership_history.leaderships().size();
  for (const Leadership& leader : leadership_history.leaderships()) {
    points += leader.lineage.size() - leader.own_from;
  }
  curve.reserve(points);
  Reference reference(leadership_history);
  StepCursor<StagePosition> steps(stage);
  LineageCursor cursor;
  for (;;) {
    const int64_t time = std::min(reference.NextChange(), steps.NextChange().value_or(kNeverNs));
    if (time == kNeverNs) return curve;
    reference.MoveTo(time);
    const StagePosition* at = steps.Seek(time);
    LagPoint point;
    if (at != nullptr && reference.known() && reference.leader().traced &&
        reference.leader().node != node) {
      point = Compare(leadership_history, reference, *at, cursor);
    }
    point.time_ns = time;
    curve.push_back(point);
  }
}

namespace {

// The part of the curve during `down` (keep_down) or outside it, and unknown elsewhere.
LagCurve Restricted(const LagCurve& curve, const TimeRanges& down, bool keep_down) {
  LagCurve restricted;
  restricted.reserve(curve.size() + 2 * down.size());
  auto interval = down.begin();
  for (size_t i = 0; i < curve.size(); ++i) {
    const int64_t end = i + 1 < curve.size() ? curve[i + 1].time_ns : kNeverNs;
    int64_t from = curve[i].time_ns;
    while (from < end) {
      while (interval != down.end() && interval->end_ns <= from) ++interval;
      const bool is_down = interval != down.end() && interval->begin_ns <= from;
      LagPoint point = curve[i];
      if (is_down != keep_down) point = {};
      point.time_ns = from;
      restricted.push_back(point);
      from = interval == down.end()
                 ? end
                 : std::min(end, is_down ? interval->end_ns : interval->begin_ns);
    }
  }
  return restricted;
}

}  // namespace

LagCurve WhileUp(const LagCurve& curve, const TimeRanges& down) {
  return Restricted(curve, down, /*keep_down=*/false);
}

LagCurve WhileDown(const LagCurve& curve, const TimeRanges& down) {
  return Restricted(curve, down, /*keep_down=*/true);
}

std::optional<LagAt> LagOf(const LagCurve& curve, int64_t time_ns) {
  const auto after =
      std::upper_bound(curve.begin(), curve.end(), time_ns,
                       [](int64_t t, const LagPoint& point) { return t < point.time_ns; });
  if (after == curve.begin() || !std::prev(after)->known) return std::nullopt;
  return Measure(*std::prev(after), time_ns);
}

std::vector<std::optional<LagAt>> SampleLag(const LagCurve& curve, int64_t begin_ns, int64_t end_ns,
                                            int64_t step_ns) {
  std::vector<std::optional<LagAt>> samples;
  size_t next = 0;
  for (int64_t time = begin_ns; time <= end_ns; time += step_ns) {
    while (next < curve.size() && curve[next].time_ns <= time) ++next;
    samples.emplace_back();
    if (next > 0 && curve[next - 1].known) samples.back() = Measure(curve[next - 1], time);
  }
  return samples;
}

LagSummary SummarizeLag(const LagCurve& curve, int64_t begin_ns, int64_t end_ns) {
  LagSummary summary;
  ForEachInterval(curve, begin_ns, end_ns, [&](const LagPoint& point, int64_t from, int64_t to) {
    if (!point.known) return;
    const auto length = static_cast<uint64_t>(to - from);
    summary.entries.Add(static_cast<int64_t>(point.entries), length);
    summary.bytes.Add(static_cast<int64_t>(point.bytes), length);
    if (point.entries == 0) {
      summary.time_ns.Add(0, length);
    } else {
      summary.time_ns.AddRamp(from - point.oldest_ns, to - from);
    }
  });
  summary.last = LagOf(curve, end_ns);
  // If the lag is unknown at end_ns, the healing of faults may have begun at that instant.
  if (!summary.last) summary.last = LagOf(curve, end_ns - 1);
  return summary;
}

int64_t StalledFor(const LagCurve& curve, int64_t begin_ns, int64_t end_ns, int64_t patience_ns) {
  int64_t total = 0;
  std::optional<int64_t> since;  // entries are missing and none was reached since then
  uint64_t lsn = 0;
  const auto end_stretch = [&](int64_t at) {
    if (since && at - *since > patience_ns) total += at - *since;
    since.reset();
  };
  ForEachInterval(curve, begin_ns, end_ns, [&](const LagPoint& point, int64_t from, int64_t) {
    const bool backlog = point.known && point.entries > 0;
    if (!backlog || point.lsn > lsn) end_stretch(from);
    if (backlog && !since) since = from;
    lsn = point.lsn;
  });
  end_stretch(end_ns);
  return total;
}

}  // namespace replsim
