// A node's measurements as a page in Prometheus' text format. docs/monitoring.md is for its
// readers.
#pragma once

#include <string>

#include "common/base/ids.h"
#include "common/node/node_metrics.h"

namespace replsim {

// What is unknown is not on the page; what only a leading primary or only a replica has is on its
// page only.
std::string NodeMetricsText(const NodeId& node, const NodeMetrics& metrics);

}  // namespace replsim
