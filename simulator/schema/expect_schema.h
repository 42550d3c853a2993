// The part of the scenario's JSON Schema that knows the metrics.
#pragma once

#include "common/base/json.h"

namespace replsim {

// Of one item of `expect`: {variant: sync, acked_lost: "== 0"}.
Json ExpectSchema();

}  // namespace replsim
