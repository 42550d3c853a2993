// How metrics read fields of a report that may be absent.
#pragma once

#include <limits>
#include <optional>

#include "protos/report.pb.h"

namespace replsim {

using MetricValue = std::optional<double>;
// The value for an instant that was never reached: greater than any bound.
inline constexpr double kNeverReached = std::numeric_limits<double>::infinity();

inline MetricValue MicrosToMillis(MetricValue us) { return us ? MetricValue(*us / 1000) : us; }

}  // namespace replsim

// The optional field `name` of `message` as a MetricValue.
#define REPL_FIELD(message, name) \
  ((message).has_##name() ? MetricValue(static_cast<double>((message).name())) : MetricValue())
