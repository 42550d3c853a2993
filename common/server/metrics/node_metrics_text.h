// Formats a node's measurements as a page in Prometheus' text format. docs/monitoring.md describes
// the metrics.
#pragma once

#include <string>

#include "common/base/ids.h"
#include "common/node/node_metrics.h"

namespace replsim {

// The page omits unknown values. Metrics that exist only on a leading primary or only on a replica
// are on the pages of these nodes only.
std::string NodeMetricsText(const NodeId& node, const NodeMetrics& metrics);

}  // namespace replsim
