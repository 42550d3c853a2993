// The sources of a recording's numbers, as its manifest states them.
#pragma once

#include <vector>

#include "common/base/ids.h"
#include "protos/recording.pb.h"
#include "simulator/cluster/seam/capabilities.h"

namespace replsim {

// EXACT where the capability exists, ABSENT where it does not; every stage of every node alike.
proto::Manifest::Evidence EvidenceOf(const CapabilitySet& capabilities,
                                     const std::vector<NodeId>& nodes);

}  // namespace replsim
