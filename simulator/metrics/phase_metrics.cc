#include "simulator/metrics/phase_metrics.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/metrics/metric_of_run.h"

namespace replsim {
namespace {

using Run = proto::RunReport;

struct OfPhase {
  const char* suffix;
  const char* label;
  const char* meaning;
  const Run::Phase& (*get)(const Run&);
};
constexpr OfPhase kPhases[] = {
    {"healthy", "healthy", "due before the first fault; all operations of a load without faults",
     [](const Run& run) -> const Run::Phase& { return run.phases().healthy(); }},
    {"stopped", "while stopped",
     "due in the longest interval without a committed write that ended after the first fault",
     [](const Run& run) -> const Run::Phase& { return run.phases().stopped(); }},
    {"after", "afterwards", "due between the end of that interval and the end of the load",
     [](const Run& run) -> const Run::Phase& { return run.phases().after(); }},
};

struct OfLatency {
  const char* name;
  const char* label;
  MetricValue (*get)(const Run::Distribution&);
};
constexpr OfLatency kLatencies[] = {
    {"p50", "p50", [](const Run::Distribution& d) { return REPL_FIELD(d, p50); }},
    {"p99", "p99", [](const Run::Distribution& d) { return REPL_FIELD(d, p99); }},
    {"max", "max", [](const Run::Distribution& d) { return REPL_FIELD(d, max); }},
    {"mean", "mean", [](const Run::Distribution& d) { return REPL_FIELD(d, mean); }},
};

Metric Make(const std::string& name, const std::string& label, MetricUnit unit,
            const std::string& meaning, std::function<MetricValue(const Run&)> get) {
  return {.name = name,
          .label = label,
          .unit = unit,
          .meaning = meaning,
          .of_replica = false,
          .read = [get = std::move(get)](const Run& run, const std::string&) { return get(run); },
          .replica = ""};
}

void AddLatencies(const OfPhase& phase, bool writes, std::vector<Metric>& metrics) {
  const std::string kind = writes ? "write" : "read";
  bool first = true;
  for (const OfLatency& latency : kLatencies) {
    const std::string meaning =
        first
            ? absl::StrCat("of ", writes ? "committed writes " : "completed reads ", phase.meaning)
            : "";
    metrics.push_back(
        Make(absl::StrCat(kind, "_", latency.name, "_", phase.suffix, "_ms"),
             absl::StrCat(kind, " latency ", latency.label, ", ", phase.label), MetricUnit::kMillis,
             meaning, [&phase, &latency, writes](const Run& run) {
               const Run::Phase& of = phase.get(run);
               return MicrosToMillis(latency.get(writes ? of.write_us() : of.read_us()));
             }));
    first = false;
  }
}

void AddRates(const OfPhase& phase, std::vector<Metric>& metrics) {
  metrics.push_back(
      Make(absl::StrCat("per_second_", phase.suffix),
           absl::StrCat("committed per second, ", phase.label), MetricUnit::kPerSecond,
           "writes committed in that phase, per second of it",
           [&phase](const Run& run) { return REPL_FIELD(phase.get(run), per_second); }));
  metrics.push_back(
      Make(absl::StrCat("reads_per_second_", phase.suffix),
           absl::StrCat("reads per second, ", phase.label), MetricUnit::kPerSecond,
           "reads completed in that phase, per second of it",
           [&phase](const Run& run) { return REPL_FIELD(phase.get(run), reads_per_second); }));
}

// Whether each quantile with unknown writes is only a lower bound.
void AddLowerBounds(std::vector<Metric>& metrics) {
  using Censored = Run::CensoredLatency;
  const std::pair<const char*, bool (Censored::*)() const> kFields[] = {
      {"write_p50_with_unknown_ms", &Censored::p50_at_least},
      {"write_p90_with_unknown_ms", &Censored::p90_at_least},
      {"write_p99_with_unknown_ms", &Censored::p99_at_least},
      {"write_p999_with_unknown_ms", &Censored::p999_at_least}};
  for (Metric& metric : metrics) {
    for (const auto& [name, field] : kFields) {
      if (metric.name != name) continue;
      metric.at_least = [field = field](const Run& run) {
        return (run.write_with_unknown_us().*field)();
      };
    }
  }
}

}  // namespace

std::vector<Metric> PhaseMetrics() {
  std::vector<Metric> metrics = {
      REPL_OF_RUN("offered_per_second", "writes offered per second", kPerSecond, throughput(),
                  offered_per_second,
                  "open loop: the scenario's rate times its share of writes; closed loop: writes "
                  "due during the load, per second of it"),
      REPL_OF_RUN(
          "goodput_min_per_second", "committed in the slowest second", kPerSecond, throughput(),
          goodput_min_per_second,
          "fewest writes committed in any full second of the load (0 to 1 s, 1 to 2 s, ...)"),
      REPL_OF_RUN("clients_needed", "clients needed", kCount, throughput(), clients_needed,
                  "open loop: number of clients that the rate needs (Little's law), at the mean "
                  "duration of operations sent and answered before the first fault"),
      REPL_TIME_OF_RUN("write_p50_with_unknown_ms", "write latency p50 with unknown",
                       write_with_unknown_us(), p50,
                       "of committed writes and unknown ones, the latter counted as answered at "
                       "their deadline; a lower bound where p50_at_least is set"),
      REPL_TIME_OF_RUN("write_p90_with_unknown_ms", "write latency p90 with unknown",
                       write_with_unknown_us(), p90, ""),
      REPL_TIME_OF_RUN("write_p99_with_unknown_ms", "write latency p99 with unknown",
                       write_with_unknown_us(), p99, ""),
      REPL_TIME_OF_RUN("write_p999_with_unknown_ms", "write latency p99.9 with unknown",
                       write_with_unknown_us(), p999, ""),
  };
  AddLowerBounds(metrics);
  for (const OfPhase& phase : kPhases) {
    AddLatencies(phase, true, metrics);
    AddLatencies(phase, false, metrics);
    AddRates(phase, metrics);
  }
  return metrics;
}

}  // namespace replsim
