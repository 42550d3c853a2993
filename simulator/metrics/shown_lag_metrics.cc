#include "simulator/metrics/shown_lag_metrics.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "simulator/metrics/lag_metric_names.h"
#include "simulator/metrics/metric_values.h"

namespace replsim {
namespace {

using Run = proto::RunReport;

struct OfShown {
  const char* name;
  const char* label;
  MetricUnit unit;
  const char* meaning;
  MetricValue (*get)(const Run::ShownLag&);
};
constexpr OfShown kOfShown[] = {
    {"wrong_ms", "wrong for", MetricUnit::kMillis,
     "time in which the metric would have been wrong by more than a factor of two",
     [](const Run::ShownLag& shown) { return REPL_FIELD(shown, wrong_ms); }},
    {"wrong", "times wrong", MetricUnit::kCount, "number of such intervals",
     [](const Run::ShownLag& shown) { return REPL_FIELD(shown, wrong); }},
    {"zero_while_broken_ms", "read 0 while behind for", MetricUnit::kMillis,
     "part of that time in which it read 0 although entries were missing",
     [](const Run::ShownLag& shown) { return REPL_FIELD(shown, zero_while_broken_ms); }},
    {"zero_while_broken", "times at 0 while behind", MetricUnit::kCount, "number of such intervals",
     [](const Run::ShownLag& shown) { return REPL_FIELD(shown, zero_while_broken); }},
    {"null_while_broken_ms", "had no value while behind for", MetricUnit::kMillis,
     "time in which it had no value although entries were missing",
     [](const Run::ShownLag& shown) { return REPL_FIELD(shown, null_while_broken_ms); }},
    {"null_ms", "had no value for", MetricUnit::kMillis, "time in which it had no value",
     [](const Run::ShownLag& shown) { return REPL_FIELD(shown, null_ms); }},
};

MetricValue Read(const OfShown& of, absl::string_view id, const Run& run,
                 const std::string& replica) {
  for (const Run::ShownLag& shown : run.shown_lag()) {
    if (shown.replica() == replica && shown.metric() == id) return of.get(shown);
  }
  return std::nullopt;
}

}  // namespace

std::vector<Metric> ShownLagMetrics() {
  std::vector<Metric> metrics;
  for (const LagMetricName& known : kLagMetrics) {
    for (const OfShown& of : kOfShown) {
      const bool first = &of == &kOfShown[0];
      metrics.push_back(
          {.name = absl::StrCat(known.id, "_", of.name),
           .label = absl::StrCat(known.id, " ", of.label),
           .unit = of.unit,
           .meaning = first ? absl::StrCat(known.label, ": ", of.meaning) : of.meaning,
           .of_replica = true,
           .read = [&of, id = known.id](
                       const Run& run,
                       const std::string& replica) { return Read(of, id, run, replica); },
           .replica = ""});
    }
  }
  return metrics;
}

absl::string_view LagMetricOf(absl::string_view metric) {
  metric = metric.substr(0, metric.find('.'));
  for (const LagMetricName& known : kLagMetrics) {
    absl::string_view rest = metric;
    if (!absl::ConsumePrefix(&rest, known.id) || !absl::ConsumePrefix(&rest, "_")) continue;
    for (const OfShown& of : kOfShown) {
      if (rest == of.name) return known.id;
    }
  }
  return "";
}

}  // namespace replsim
