#include "simulator/analysis/durability/expected_loss.h"

#include <algorithm>

#include "simulator/analysis/evidence/curve_intervals.h"
#include "simulator/analysis/evidence/leading_intervals.h"
#include "simulator/analysis/evidence/log_size.h"

namespace replsim {
namespace {

// Integrals over time, in ns.
struct Sums {
  double time = 0;
  double writes = 0;
  double bytes = 0;
};

// The distance in the log between the acknowledged position and the most up-to-date replica.
double MissingBytes(const Leadership& leader, uint64_t acked, uint64_t entries) {
  return LogBytesUpTo(leader, acked) - LogBytesUpTo(leader, acked - entries);
}

void AddInterval(const LeadingInterval& interval, const Leadership& leader,
                 const ExposureCurves& curves, Sums& sums) {
  const auto& missing = curves.unreplicated;
  size_t at = 0;  // index of the current point of `missing`
  ForEachInterval(curves.acked, interval.begin_ns, interval.end_ns,
                  [&](const AckedPoint& acked, int64_t from, int64_t to) {
                    while (from < to) {
                      while (at + 1 < missing.size() && missing[at + 1].time_ns <= from) ++at;
                      const int64_t until =
                          at + 1 < missing.size() ? std::min(to, missing[at + 1].time_ns) : to;
                      const UnreplicatedPoint& point = missing[at];
                      if (point.known && point.time_ns <= from) {
                        const auto length = static_cast<double>(until - from);
                        sums.time += length;
                        sums.writes += length * static_cast<double>(point.entries);
                        if (point.entries > 0) {
                          sums.bytes += length * MissingBytes(leader, acked.acked, point.entries);
                        }
                      }
                      from = until;
                    }
                  });
}

}  // namespace

proto::RunReport::ExpectedLoss MeasureExpectedLoss(const Recording& recording,
                                                   const LeadershipHistory& leadership_history,
                                                   const ExposureCurves& curves) {
  proto::RunReport::ExpectedLoss out;
  if (curves.unreplicated.empty()) return out;
  Sums sums;
  for (const LeadingInterval& interval : LeadingIntervals(recording, leadership_history)) {
    AddInterval(interval, leadership_history.leaderships()[interval.leadership], curves, sums);
  }
  if (sums.time == 0) return out;
  out.set_writes(sums.writes / sums.time);
  out.set_bytes(sums.bytes / sums.time);
  out.set_over_ms(sums.time / 1e6);
  return out;
}

}  // namespace replsim
