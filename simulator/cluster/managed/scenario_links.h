// Visits the links that the scenario sets before the cluster starts.
#pragma once

#include <string>

#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

// Calls `visit(from, to, spec)` for every directed link of `network:`, in file order. If two
// entries set the same link, the later one applies. "client" is a valid end.
template <class Visit>
void ForEachLink(const proto::Scenario& scenario, Visit visit) {
  for (const proto::Link& link : scenario.network()) {
    const LinkSpec spec = LinkSpecOf(link);
    for (const std::string& from : link.from()) {
      for (const std::string& to : link.to()) visit(NodeId(from), NodeId(to), spec);
    }
  }
}

}  // namespace replsim
