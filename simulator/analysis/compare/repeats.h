// Runs that were run alike, but for the seed: the repeats of one variant, taken together. A variant
// that was run once is a group of one, and nothing here makes more of it than that.
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
  std::string name;  // the variant's, unless whoever compares needs another
  std::vector<const proto::RunReport*> runs;  // in the order in which they ran; never empty

  bool repeated() const { return runs.size() > 1; }
};

// In the order in which the variants first ran. The runs outlive the groups.
std::vector<RunGroup> GroupByVariant(
    const google::protobuf::RepeatedPtrField<proto::RunReport>& runs);

// A metric over the runs of a group.
struct Measured {
  std::vector<double> values;  // of the runs that know it, in their order
  size_t runs = 0;             // how many there are
  std::optional<double> median;
  std::optional<Interval> interval;  // of the median, 95 %; common/stats/median.h
  double least = 0;                  // of `values`, where there are any
  double most = 0;
};
Measured Measure(const Metric& metric, const RunGroup& group);

// For a person: "24 ms"; of repeats their median, "24 ms [22 … 27]" where there is an interval that
// reads otherwise, and "0, most 5" where a median of 0 would hide what some run showed. Of a yes or
// no "yes", "no", or in how many runs: "18 of 20". Empty where no run knows it.
std::string MeasuredText(MetricUnit unit, const Measured& measured);
// "31 to 44 ms"; one value where both look alike.
std::string RangeText(MetricUnit unit, double least, double most);

}  // namespace replsim
