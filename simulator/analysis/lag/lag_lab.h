// The lag laboratory: reads well-known lag metrics of each replica from the recording, each by its
// own definition (simulator/metrics/lag_metric_names.h), and finds their errors. A reading is an
// error if it is far from the true lag (lag.h) of the metric's stage.
//
// Each metric is read as a monitor would read it: every 100 ms of the load. Beyond 200 s of load
// the interval grows so that there are at most 2,000 readings. Metrics with a coarser native
// interval keep it: a status message or ACK per second, a heartbeat every 2 s, whole seconds. The
// monitor reaches every node that runs and is not paused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/lag/lag_truth.h"
#include "simulator/metrics/lag_metric_names.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct ShownPoint {
  int64_t time_ns = 0;
  std::optional<double> value;  // in the metric's unit; absent: NULL, or no node answers
};

enum class MetricErrorKind {
  kTooLow,
  kTooHigh,
  kZeroWhileBroken,  // reads 0 while an entry has been missing for longer than kBrokenNs
  kNullWhileBroken,  // no value while an entry has been missing for that long
};

// One error of a metric: consecutive wrong readings of one kind. It lasts from the first of them to
// the first reading that is not of this kind.
struct MetricError {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  MetricErrorKind kind = MetricErrorKind::kTooLow;
  std::optional<double> shown;  // the first wrong reading
  double truth = 0;             // the true lag nearest to it, since the previous reading
};

struct ShownLag {
  std::string replica;
  size_t metric = 0;  // index into kLagMetrics
  int64_t interval_ns = 0;
  int64_t load_begin_ns = 0;
  std::vector<ShownPoint> points;   // one per interval_ns of the load
  std::vector<MetricError> errors;  // in order of time
  std::optional<double> max_true;   // largest true lag of the stage, in the metric's unit

  const LagMetricName& name() const { return kLagMetrics[metric]; }
};

// A reading is wrong if two conditions hold: it is more than twice, or less than half, of every
// value that the true lag had since the previous reading; and it is off by more than the metric's
// resolution and by more than these limits. Smaller differences would not change a decision.
inline constexpr double kNoLieMicros = 20'000;
inline constexpr double kNoLieBytes = 16'384;
inline constexpr double kNoLieEntries = 100;
// Replication counts as broken while an entry has been missing for longer than this, or than the
// metric's resolution if that is longer.
inline constexpr int64_t kBrokenNs = 500'000'000;

// The instants at which the metrics are read.
std::vector<int64_t> LagReadingInstants(const proto::Manifest& manifest);

// All metrics of one node, in the order of kLagMetrics. Empty if the node's lag was never known,
// for example because it was leading. `receive` and `apply` are the true lags of these stages at
// LagReadingInstants; readings at instants with unknown true lag are not judged. Walks the traces
// once.
std::vector<ShownLag> ShowLagMetrics(const Recording& recording,
                                     const LeadershipHistory& leadership_history, size_t node,
                                     const TrueLags& receive, const TrueLags& apply);

proto::RunReport::ShownLag Summarize(const ShownLag& shown);

}  // namespace replsim
