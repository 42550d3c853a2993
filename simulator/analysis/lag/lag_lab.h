// The lag laboratory: what well-known lag metrics would have shown of each replica, each by its own
// definition (simulator/metrics/lag_metric_names.h), read from the recording alone, and where they
// lied: where a reading is far from the true lag (lag.h) of the stage that the metric is about.
//
// Every metric is read as a monitor would, every 100 ms of the load; from 200 s on as seldom as it
// takes for no more than 2,000 readings. What is slower by nature stays so: a status message or ACK
// a second, a heartbeat every 2 s, whole seconds. The monitor reaches every node that runs and is
// not paused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/lag/lag_truth.h"
#include "simulator/metrics/lag_metric_names.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct ShownPoint {
  int64_t time_ns = 0;
  std::optional<double> value;  // in the metric's unit; absent: NULL, or nobody to ask
};

enum class LieKind {
  kTooLow,
  kTooHigh,
  kZeroWhileBroken,  // 0, and an entry has been missing for longer than kBrokenNs
  kNullWhileBroken,  // nothing, and an entry has been missing for that long
};

// Lasts from the first reading of the kind to the first that is not.
struct Lie {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  LieKind kind = LieKind::kTooLow;
  std::optional<double> shown;  // at the beginning
  double truth = 0;             // the true lag nearest to it since the reading before
};

struct ShownLag {
  std::string replica;
  size_t metric = 0;  // index into kLagMetrics
  int64_t interval_ns = 0;
  int64_t load_begin_ns = 0;
  std::vector<ShownPoint> points;  // one every interval, over the load
  std::vector<Lie> lies;           // in order of time
  std::optional<double> max_true;  // of the stage's lag, in the metric's unit

  const LagMetricName& name() const { return kLagMetrics[metric]; }
};

// A reading is wrong where it is more than twice, or less than half, of all that the true lag was
// since the reading before, and off by more than the metric's resolution and by more than this:
// what nobody would act on is no lie.
inline constexpr double kNoLieMicros = 20'000;
inline constexpr double kNoLieBytes = 16'384;
inline constexpr double kNoLieEntries = 100;
// Broken: an entry has been missing for this long (for longer than the resolution, if that is
// more).
inline constexpr int64_t kBrokenNs = 500'000'000;

// When the metrics are read.
std::vector<int64_t> LagReadingInstants(const proto::Manifest& manifest);

// All metrics of one node, in the order of kLagMetrics; none if its lag was never known, as while
// it leads. `receive` and `apply` are the true lag of these stages at LagReadingInstants; where it
// is unknown, there is no reading. Walks the traces once.
std::vector<ShownLag> ShowLagMetrics(const Recording& recording, const Lineages& lineages,
                                     size_t node, const TrueLags& receive, const TrueLags& apply);

proto::RunReport::ShownLag Summarize(const ShownLag& shown);

}  // namespace replsim
