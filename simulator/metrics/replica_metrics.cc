// Metrics of one replica: its lag per stage and derived values, its I/O, and the errors of lag
// metrics.
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/metrics/io_metrics.h"
#include "simulator/metrics/metric_values.h"
#include "simulator/metrics/metrics.h"
#include "simulator/metrics/shown_lag_metrics.h"
#include "simulator/metrics/stage_names.h"

namespace replsim {
namespace {

using Run = proto::RunReport;

const Run::Lag* FindLag(const Run& run, const std::string& replica, absl::string_view stage) {
  for (const Run::Lag& lag : run.lag()) {
    if (lag.replica() == replica && lag.stage() == stage) return &lag;
  }
  return nullptr;
}

using OfLag = std::function<MetricValue(const Run::Lag&)>;
Metric MakeMetric(const std::string& name, const std::string& label, MetricUnit unit,
                  const std::string& meaning, const std::string& stage, OfLag of_lag) {
  const auto read = [stage, of_lag = std::move(of_lag)](const Run& run,
                                                        const std::string& replica) {
    const Run::Lag* lag = FindLag(run, replica, stage);
    return lag == nullptr ? MetricValue() : of_lag(*lag);
  };
  return {.name = name,
          .label = label,
          .unit = unit,
          .meaning = meaning,
          .of_replica = true,
          .read = read,
          .replica = ""};
}

struct Stat {
  const char* name;
  const char* meaning;
  MetricValue (*of)(const Run::Distribution&);
};
constexpr Stat kStats[] = {
    {"p50", "p50", [](const Run::Distribution& d) { return REPL_FIELD(d, p50); }},
    {"p90", "p90", [](const Run::Distribution& d) { return REPL_FIELD(d, p90); }},
    {"p99", "p99", [](const Run::Distribution& d) { return REPL_FIELD(d, p99); }},
    {"max", "max", [](const Run::Distribution& d) { return REPL_FIELD(d, max); }},
    {"mean", "mean", [](const Run::Distribution& d) { return REPL_FIELD(d, mean); }},
};
constexpr Stat kLast = {"last", "at the end of the load",
                        [](const Run::Distribution& d) { return REPL_FIELD(d, last); }};

constexpr const Stat& kMean = kStats[4];  // a mean of entries need not be whole

constexpr Stat kWallStats[] = {
    {"min", "minimum", [](const Run::Distribution& d) { return REPL_FIELD(d, min); }},
    {"p50", "p50", [](const Run::Distribution& d) { return REPL_FIELD(d, p50); }},
    {"max", "maximum", [](const Run::Distribution& d) { return REPL_FIELD(d, max); }},
};

// The lagging part, as text after "entries that".
std::string Missing(const std::string& stage) {
  if (stage == "apply") return "the replica does not yet show";
  if (stage == "receive") return "the replica has not yet received";
  return absl::StrCat("the replica has not yet ", stage == "write" ? "written" : "flushed");
}

void AddLag(const std::string& stage, const Stat& stat, std::vector<Metric>& metrics) {
  const std::string name = absl::StrCat(stage, "_lag_", stat.name, "_");
  const std::string label = absl::StrCat(stage, " lag ", stat.name);
  const std::string rest = absl::StrCat(Missing(stage), ", ", stat.meaning);
  metrics.push_back(MakeMetric(
      name + "ms", label, MetricUnit::kMillis, "age of the oldest entry that " + rest, stage,
      [&stat](const Run::Lag& lag) { return MicrosToMillis(stat.of(lag.time_us())); }));
  metrics.push_back(MakeMetric(name + "entries", label + " in entries",
                               &stat == &kMean ? MetricUnit::kRatio : MetricUnit::kCount,
                               "entries that " + rest, stage,
                               [&stat](const Run::Lag& lag) { return stat.of(lag.entries()); }));
  metrics.push_back(MakeMetric(name + "bytes", label + " in bytes", MetricUnit::kBytes,
                               "bytes that " + rest, stage,
                               [&stat](const Run::Lag& lag) { return stat.of(lag.bytes()); }));
}

Metric DownTime() {
  const auto read = [](const Run& run, const std::string& node) {
    for (const Run::DownTime& down : run.availability().down()) {
      if (down.node() == node) return REPL_FIELD(down, down_ms);
    }
    return MetricValue();
  };
  return {
      .name = "down_ms",
      .label = "down time",
      .unit = MetricUnit::kMillis,
      .meaning = "time in the load in which the node was down: from its death to its next start",
      .of_replica = true,
      .read = read,
      .replica = ""};
}

std::vector<Metric> MakeReplicaMetrics() {
  std::vector<Metric> metrics;
  for (const std::string stage : kNodeStageNames) {
    for (const Stat& stat : kStats) AddLag(stage, stat, metrics);
    AddLag(stage, kLast, metrics);
    for (const Stat& stat : kStats) {
      metrics.push_back(MakeMetric(
          absl::StrCat(stage, "_ack_delay_", stat.name, "_ms"),
          absl::StrCat(stage, " ack delay ", stat.name), MetricUnit::kMillis,
          absl::StrCat("from the append of an entry until the primary learned that the replica had "
                       "reached the stage, ",
                       stat.meaning,
                       "; if no gate waits for the stage (as in async), this includes up to 10 ms "
                       "until the replica's next report"),
          stage,
          [&stat](const Run::Lag& lag) { return MicrosToMillis(stat.of(lag.ack_delay_us())); }));
    }
  }
  metrics.push_back(
      MakeMetric("catch_up_ms", "time to catch up", MetricUnit::kMillis,
                 "longest time from the end of a fault until the lag was as low as before it",
                 "apply", [](const Run::Lag& lag) {
                   return lag.never_caught_up() > 0 ? MetricValue(kNeverReached)
                                                    : REPL_FIELD(lag, catch_up_ms);
                 }));
  for (const Stat& stat : kWallStats) {
    metrics.push_back(MakeMetric(
        absl::StrCat("wall_clock_lag_", stat.name, "_ms"),
        absl::StrCat("lag by wall clocks ", stat.name), MetricUnit::kMillis,
        absl::StrCat("difference of the replica's and the primary's wall clock at each apply, ",
                     stat.meaning),
        "apply",
        [&stat](const Run::Lag& lag) { return MicrosToMillis(stat.of(lag.wall_clock_us())); }));
    metrics.push_back(
        MakeMetric(absl::StrCat("wall_clock_error_", stat.name, "_ms"),
                   absl::StrCat("error of lag by wall clocks ", stat.name), MetricUnit::kMillis,
                   absl::StrCat("the same minus the true age of the entry, ", stat.meaning),
                   "apply", [&stat](const Run::Lag& lag) {
                     return MicrosToMillis(stat.of(lag.wall_clock_error_us()));
                   }));
  }
  metrics.push_back(
      MakeMetric("stalled_ms", "apply stopped for", MetricUnit::kMillis,
                 "time in which the replica was up and had a backlog, but applied nothing", "apply",
                 [](const Run::Lag& lag) { return REPL_FIELD(lag, stalled_ms); }));
  metrics.push_back(DownTime());
  for (Metric& metric : NodeIoMetrics()) metrics.push_back(std::move(metric));
  for (Metric& metric : ShownLagMetrics()) metrics.push_back(std::move(metric));
  for (Metric& metric : metrics) {
    metric.better = DirectionOf(metric.name);
    metric.resolution = ResolutionOf(metric.name, metric.unit);
  }
  return metrics;
}

}  // namespace

const std::vector<Metric>& ReplicaMetrics() {
  static const std::vector<Metric>& metrics = *new std::vector<Metric>(MakeReplicaMetrics());
  return metrics;
}

}  // namespace replsim
