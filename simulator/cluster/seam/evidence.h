// Derives the manifest's statement of evidence from a cluster's capabilities. Pure.
#pragma once

#include <vector>

#include "common/base/ids.h"
#include "protos/recording.pb.h"
#include "simulator/cluster/seam/capabilities.h"

namespace replsim {

// Each source is EXACT if the capability exists, otherwise ABSENT. All stages of all nodes are
// alike.
proto::Manifest::Evidence EvidenceOf(const CapabilitySet& capabilities,
                                     const std::vector<NodeId>& nodes);

}  // namespace replsim
