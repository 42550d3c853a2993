// Whether a gate can be reached at all, from the settings and the name of the node that leads. A
// sync set may name replicas; a node is never a member of its own set, so a promotion can leave
// fewer named members than the gate counts.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"

namespace replsim {

// Of a resolved specification. Empty: the set can be reached while `leader` leads. Else one clause:
// "the gate first 1 [r1] cannot be reached while r1 leads".
std::string WhyGateCannotBeReached(const proto::ReplicationSpec& spec, absl::string_view leader);

// Whether the primary applies, and so shows, an entry only when its sync set has reached it.
bool PrimaryWaitsToShow(const proto::ReplicationSpec& spec);
// Whether a replica applies an entry only when it has passed a gate of the sync set.
bool ReplicaWaitsToShow(const proto::ReplicationSpec& spec);

}  // namespace replsim
