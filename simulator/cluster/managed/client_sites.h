// Maps clients to sites and records which node each site takes for the primary.
//
// There is one site, unless groups of the scenario list clients: then each such group is a site.
// The clients of a site reach the nodes over their own links and read from the nodes of their
// group. They write to the node of their group that became the primary last, until that node
// refuses a write because it does not lead. This models a client that prefers a nearby primary and
// does not hear of a new one behind a partition.
//
// Pure and single-threaded; the caller reports every event.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "protos/scenario.pb.h"

namespace replsim {

class ClientSites {
 public:
  // `cluster` is resolved: a group that is a site lists its clients as client@NAME. `nodes` are all
  // nodes with data; the first one leads. Clients do not use witnesses.
  ClientSites(const proto::Cluster& cluster, const std::vector<NodeId>& nodes);

  size_t count() const { return sites_.size(); }
  // The low half of `client` selects the site. A client with several operations in flight writes
  // under several names, which differ only in the upper half (simulator/recording/request_name.h).
  size_t SiteOf(uint64_t client) const { return static_cast<uint32_t>(client) % sites_.size(); }
  // The link end of the clients: "client" or client@NAME.
  const NodeId& end(size_t site) const { return sites_[site].end; }
  // The nodes of the site's group; all nodes if the group lists none or there is one site.
  const std::vector<NodeId>& nodes(size_t site) const { return sites_[site].nodes; }

  // The node of the site that its clients take for the primary; empty if there is none.
  const NodeId& PrimaryAt(size_t site) const { return sites_[site].primary; }
  // Records that `node` has become the primary, and every site with that node learns it.
  void Leads(const NodeId& node);
  // The clients of `site` have found out that `node` leads.
  void Found(size_t site, const NodeId& node) { sites_[site].primary = node; }
  // Records that `node` refused a write of this site because it does not lead.
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
