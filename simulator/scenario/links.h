// Expands the links of `network`: groups become nodes, and a link with `between` becomes one-way
// links. Pure.
#pragma once

#include <string>
#include <vector>

#include "protos/scenario.pb.h"

namespace replsim {

// Replaces groups by their nodes, and `client` by all clients. A word that names neither stays, and
// the check reports it.
void ExpandGroups(const proto::Cluster& cluster,
                  google::protobuf::RepeatedPtrField<std::string>* ends);

// Returns whether a link of `network` has a bandwidth limit.
bool HasNarrowLink(const proto::Scenario& scenario);

// Returns the one-way links of `link`: the link itself, or for `between` one link from each end to
// all others, with half of `rtt` as the delay. Groups in `between` are expanded.
std::vector<proto::Link> OneWayLinks(const proto::Cluster& cluster, const proto::Link& link);

// Replaces each link of `network` by its one-way links, in place, because a later link overrides an
// earlier one.
void ExpandLinks(proto::Scenario* scenario);

}  // namespace replsim
