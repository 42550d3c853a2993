// Helpers to define a metric of a whole run on one line: name, label, unit, field of the report,
// meaning.
#pragma once

#include <string>

#include "simulator/metrics/metric_values.h"
#include "simulator/metrics/metrics.h"

namespace replsim {

inline Metric MetricOfRun(const char* name, const char* label, MetricUnit unit, const char* meaning,
                          MetricValue (*get)(const proto::RunReport&)) {
  return {.name = name,
          .label = label,
          .unit = unit,
          .meaning = meaning,
          .of_replica = false,
          .read = [get](const proto::RunReport& run, const std::string&) { return get(run); },
          .replica = ""};
}

}  // namespace replsim

#define REPL_OF_RUN(name, label, unit, message, field, meaning) \
  MetricOfRun(name, label, MetricUnit::unit, meaning,           \
              [](const proto::RunReport& run) { return REPL_FIELD(run.message, field); })
// The same for a field in microseconds, shown in milliseconds.
#define REPL_TIME_OF_RUN(name, label, message, field, meaning)                             \
  MetricOfRun(name, label, MetricUnit::kMillis, meaning, [](const proto::RunReport& run) { \
    return MicrosToMillis(REPL_FIELD(run.message, field));                                 \
  })
