// Where clients sit. All sit at one site, unless several groups of the scenario list clients: then
// each of these groups is a site. The clients of a site reach the nodes over links of their own,
// read from the nodes of their group, and write to the node of their group that became the primary
// last, until it refuses a write because it does not lead. This is how a client behaves that looks
// for a primary near it and does not hear of one behind a partition.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "protos/scenario.pb.h"

namespace replsim {

class ClientSites {
 public:
  // `cluster` is resolved: clients of a site stand in its group as client@NAME. `nodes` are all
  // nodes; the first one leads.
  ClientSites(const proto::Cluster& cluster, const std::vector<NodeId>& nodes);

  size_t count() const { return sites_.size(); }
  // A client with several operations in flight writes under several names, which differ in their
  // upper half only (simulator/recording/request_name.h).
  size_t SiteOf(uint64_t client) const { return static_cast<uint32_t>(client) % sites_.size(); }
  // The end of links at which they sit.
  const NodeId& end(size_t site) const { return sites_[site].end; }
  // The nodes of its group; all of them where there is one site.
  const std::vector<NodeId>& nodes(size_t site) const { return sites_[site].nodes; }

  // The node of the site that its clients take for the primary; empty: none.
  const NodeId& PrimaryAt(size_t site) const { return sites_[site].primary; }
  // `node` has become the primary.
  void Leads(const NodeId& node);
  // `node` has refused a write of this site because it does not lead.
  void Refused(size_t site, const NodeId& node);

 private:
  struct Site {
    NodeId end;
    std::vector<NodeId> nodes;
    NodeId primary{};
  };
  std::vector<Site> sites_;  // never empty
};

}  // namespace replsim
