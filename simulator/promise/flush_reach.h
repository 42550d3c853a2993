// Whether what waits for a flush can happen while a certain node leads. A node may flush as a
// primary and never as a replica, or the other way round (durability.sync os), so this can change
// with a promotion. Pure.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"

namespace replsim {

// `scenario` must be resolved. Returns one clause, "r1 sends nothing while it leads: …", or an
// empty text if nothing waits for ever.
std::string WhyFlushNeverComes(const proto::Scenario& scenario, absl::string_view leader);

}  // namespace replsim
