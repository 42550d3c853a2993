// What the links of `network` stand for: groups become nodes, and a link `between` ends becomes
// links that have one direction each.
#pragma once

#include <string>
#include <vector>

#include "protos/scenario.pb.h"

namespace replsim {

// Groups become the nodes they stand for, and `client` all clients. A word that names none stays,
// for the check to judge.
void SpellOut(const proto::Cluster& cluster, google::protobuf::RepeatedPtrField<std::string>* ends);

// Whether some link of `network` has a bandwidth limit.
bool HasNarrowLink(const proto::Scenario& scenario);

// The links with from and to that `link` stands for: itself, or for `between` one link from each
// end to all others, with half of `rtt` as the delay. Groups in `between` are spelled out.
std::vector<proto::Link> OneWayLinks(const proto::Cluster& cluster, const proto::Link& link);

// Replaces each link of `network` by those that it stands for, in place: a later link overrides an
// earlier one.
void ExpandLinks(proto::Scenario* scenario);

}  // namespace replsim
