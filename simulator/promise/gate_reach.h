// Whether a gate can be reached at all, from the settings and the name of the leader. A sync set
// may name replicas. A node is never a member of its own sync set, so after a promotion fewer named
// members may remain than the gate needs.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"

namespace replsim {

// `spec` must be resolved. Returns an empty text if the sync set can be reached while `leader`
// leads. Otherwise one clause: "the gate first 1 [r1] cannot be reached while r1 leads".
std::string WhyGateCannotBeReached(const proto::ReplicationSpec& spec, absl::string_view leader);

// Whether the primary shows an entry only after its sync set has reached it.
bool PrimaryWaitsToShow(const proto::ReplicationSpec& spec);
// Whether a replica shows an entry only after it has passed a gate of the sync set.
bool ReplicaWaitsToShow(const proto::ReplicationSpec& spec);

}  // namespace replsim
