// The part of the scenario's JSON Schema that lists the metrics.
#pragma once

#include "common/base/json.h"

namespace replsim {

// The schema of one item of `expect`: {variant: sync, acked_lost: "== 0"}.
Json ExpectSchema();

}  // namespace replsim
