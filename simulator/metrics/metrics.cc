#include "simulator/metrics/metrics.h"

#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "simulator/metrics/group_metrics.h"

namespace replsim {
namespace {

std::vector<const Metric*> AllMetrics() {
  std::vector<const Metric*> all;
  for (const Metric& metric : RunMetrics()) all.push_back(&metric);
  for (const Metric& metric : ReplicaMetrics()) all.push_back(&metric);
  for (const Metric& metric : WorstReplicaMetrics()) all.push_back(&metric);
  return all;
}

std::string FullName(const Metric& metric, absl::string_view replica) {
  return metric.of_replica ? absl::StrCat(metric.name, ".", replica) : metric.name;
}

}  // namespace

absl::StatusOr<Metric> FindMetric(absl::string_view name) {
  for (const Metric& metric : WorstReplicaMetrics()) {
    if (name == metric.name) return metric;
  }
  if (std::optional<Metric> of_group = FindGroupMetric(name)) return *std::move(of_group);
  const size_t dot = name.find('.');
  const absl::string_view base = name.substr(0, dot);
  const std::string replica(dot == absl::string_view::npos ? "" : name.substr(dot + 1));
  for (const Metric* known : AllMetrics()) {
    if (base != known->name) continue;
    if (known->of_replica && replica.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", base, "' needs a replica, for example ", base, ".r1"));
    }
    if (!known->of_replica && dot != absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", base, "' applies to the whole run; remove the node"));
    }
    Metric metric = *known;
    metric.replica = replica;
    return metric;
  }
  constexpr size_t kLongest = 60;
  return absl::InvalidArgumentError(
      absl::StrCat("unknown metric '", name.substr(0, kLongest), "'",
                   DidYouMean(name, MetricNames(replica.empty() || base == "lag" ? "r1" : replica)),
                   " (`replsim schema expect` lists them)"));
}

std::vector<std::string> MetricNames(absl::string_view replica) {
  std::vector<std::string> names;
  for (const Metric* metric : AllMetrics()) names.push_back(FullName(*metric, replica));
  return names;
}

}  // namespace replsim
