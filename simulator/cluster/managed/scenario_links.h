// The links that a scenario sets before anything starts.
#pragma once

#include <string>

#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

// Calls `visit(from, to, spec)` for every directed link of `network:`, in the order of the file; of
// two settings of one link the later one holds. "client" is an end like a node.
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
