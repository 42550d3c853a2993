// How metrics read a report, whose fields may be absent.
#pragma once

#include <limits>
#include <optional>

#include "protos/report.pb.h"

namespace replsim {

using MetricValue = std::optional<double>;
// Of an instant that never came: later than any bound.
inline constexpr double kNeverReached = std::numeric_limits<double>::infinity();

inline MetricValue MicrosToMillis(MetricValue us) { return us ? MetricValue(*us / 1000) : us; }

}  // namespace replsim

// The optional field `name` of `message` as a MetricValue.
#define REPL_FIELD(message, name) \
  ((message).has_##name() ? MetricValue(static_cast<double>((message).name())) : MetricValue())
