#include "simulator/metrics/worst_replica.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/metrics/stage_names.h"

namespace replsim {
namespace {

MetricValue WorstOf(const Metric& of_replica, const proto::RunReport& run) {
  MetricValue worst;
  for (const std::string& replica : ReplicasOf(run)) {
    const MetricValue value = of_replica.read(run, replica);
    if (value && (!worst || *value > *worst)) worst = value;
  }
  return worst;
}

// Adds the metric `path`: the largest value of the replica metric `name` over all replicas.
void Add(const std::string& path, const std::string& name, std::vector<Metric>& metrics) {
  for (const Metric& metric : ReplicaMetrics()) {
    if (metric.name != name) continue;
    metrics.push_back(
        {.name = path,
         .label = absl::StrCat(metric.label, ", worst replica"),
         .unit = metric.unit,
         .meaning = absl::StrCat(metric.meaning, "; of the worst replica"),
         .of_replica = false,
         .read = [of_replica = metric](const proto::RunReport& run,
                                       const std::string&) { return WorstOf(of_replica, run); },
         .replica = "",
         .better = DirectionOf(path),
         .resolution = metric.resolution});
  }
}

}  // namespace

std::vector<std::string> ReplicasOf(const proto::RunReport& run) {
  std::vector<std::string> replicas;
  for (const proto::RunReport::Lag& lag : run.lag()) {
    if (std::find(replicas.begin(), replicas.end(), lag.replica()) == replicas.end()) {
      replicas.push_back(lag.replica());
    }
  }
  std::sort(replicas.begin(), replicas.end());
  return replicas;
}

const std::vector<Metric>& WorstReplicaMetrics() {
  static const std::vector<Metric>& metrics = *new std::vector<Metric>([] {
    std::vector<Metric> all;
    for (const std::string stage : kNodeStageNames) {
      for (const auto& [word, unit] : {std::pair("time", "ms"), std::pair("entries", "entries"),
                                       std::pair("bytes", "bytes")}) {
        for (const std::string stat : {"p50", "p90", "p99", "max", "mean", "last"}) {
          Add(absl::StrCat("lag.", stage, ".", word, ".", stat),
              absl::StrCat(stage, "_lag_", stat, "_", unit), all);
        }
      }
    }
    Add("lag.catch_up", "catch_up_ms", all);
    Add("lag.stalled", "stalled_ms", all);
    return all;
  }());
  return metrics;
}

const std::vector<WorstReplicaForm>& WorstReplicaForms() {
  static const std::vector<WorstReplicaForm>& forms = *new std::vector<WorstReplicaForm>{
      {"lag.STAGE.MEASURE.STATISTIC",
       "the value of the worst replica; STAGE receive, write, flush or apply, MEASURE time, "
       "entries or bytes, STATISTIC p50, p90, p99, max, mean or last: lag.apply.time.p99"},
      {"lag.catch_up", "catch_up_ms of the worst replica"},
      {"lag.stalled", "stalled_ms of the worst replica"}};
  return forms;
}

}  // namespace replsim
