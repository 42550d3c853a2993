#include "simulator/cluster/managed/client_sites.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace replsim {

ClientSites::ClientSites(const proto::Cluster& cluster, const std::vector<NodeId>& nodes) {
  for (const proto::Group& group : cluster.groups()) {
    Site site;
    for (const std::string& name : group.nodes()) {
      if (absl::StartsWith(name, "client@")) {
        site.end = NodeId(name);
      } else if (std::find(nodes.begin(), nodes.end(), NodeId(name)) != nodes.end()) {
        site.nodes.emplace_back(name);
      }
    }
    if (!site.end.empty()) sites_.push_back(std::move(site));
  }
  if (sites_.empty()) sites_.push_back({NodeId("client"), nodes});
  for (Site& site : sites_) {
    if (site.nodes.empty()) site.nodes = nodes;
  }
  Leads(nodes.front());
}

void ClientSites::Leads(const NodeId& node) {
  for (Site& site : sites_) {
    const bool here = std::find(site.nodes.begin(), site.nodes.end(), node) != site.nodes.end();
    if (here) site.primary = node;
  }
}

void ClientSites::Refused(size_t site, const NodeId& node) {
  if (sites_[site].primary == node) sites_[site].primary = NodeId();
}

}  // namespace replsim
