// replication.scale_times: a factor for the times that a preset implies. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "protos/scenario.pb.h"

namespace replsim {

// Multiplies a time above 0; the result is at least 1 ns, because 0 may mean something else.
inline void ScaleTime(double scale, proto::Duration* duration) {
  const double ns = static_cast<double>(duration->ns()) * scale;
  duration->set_ns(std::max<int64_t>(1, static_cast<int64_t>(ns)));
}

}  // namespace replsim
