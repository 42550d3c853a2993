// The repeats of one variant: runs that differ only in their seed. A variant that ran once is a
// group of one run.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/stats/median.h"
#include "protos/report.pb.h"
#include "simulator/metrics/metrics.h"

namespace replsim {

struct RunGroup {
  std::string name;  // of the variant, unless a comparison needs another name
  std::vector<const proto::RunReport*> runs;  // in the order in which they ran; never empty

  bool repeated() const { return runs.size() > 1; }
};

// In the order in which the variants first ran. `runs` must outlive the groups.
std::vector<RunGroup> GroupByVariant(
    const google::protobuf::RepeatedPtrField<proto::RunReport>& runs);

// A metric over the runs of a group.
struct Measured {
  std::vector<double> values;  // of the runs in which it is known, in their order
  size_t runs = 0;             // all runs of the group
  std::optional<double> median;
  std::optional<Interval> interval;  // of the median, 95 %; common/stats/median.h
  double least = 0;                  // of `values`; 0 if there are none
  double most = 0;
};
Measured Measure(const Metric& metric, const RunGroup& group);

// Text for people. One run: "24 ms". Repeats: the median; "24 ms [22 … 27]" with its interval if
// the two ends read differently; "0, most 5" if a median of 0 hides a run with another value. A
// yes-no metric: "yes", "no", or the number of runs: "18 of 20". Empty if no run knows the metric.
std::string MeasuredText(MetricUnit unit, const Measured& measured);
// "31 to 44 ms"; a single value if both ends read alike.
std::string RangeText(MetricUnit unit, double least, double most);

}  // namespace replsim
