// Where clients sit. Together, as a rule; where several of a scenario's groups list clients, on
// sites: each site's clients reach the nodes over links of their own, read within their group, and
// write to who came to lead there last, until that one refuses to lead. What a client does that
// looks for a leader near it, and does not hear of one behind a partition.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "protos/scenario.pb.h"

namespace replsim {

class ClientSites {
 public:
  // `cluster` is resolved: clients of a site stand in its group as client@NAME. `nodes` are all,
  // and the first leads.
  ClientSites(const proto::Cluster& cluster, const std::vector<NodeId>& nodes);

  size_t count() const { return sites_.size(); }
  // A client with several operations in flight writes under several names, which differ in their
  // upper half only (simulator/recording/request_name.h).
  size_t SiteOf(uint64_t client) const { return static_cast<uint32_t>(client) % sites_.size(); }
  // The end of links at which they sit.
  const NodeId& end(size_t site) const { return sites_[site].end; }
  // The nodes of its group; all of them where there is one site.
  const std::vector<NodeId>& nodes(size_t site) const { return sites_[site].nodes; }

  // Who came to lead last, wherever.
  const NodeId& newest() const { return newest_; }
  const NodeId& LeaderOf(size_t site) const;
  void Leads(const NodeId& node);
  // `node` has told a client of this site that it does not lead.
  void Refused(size_t site, const NodeId& node);

 private:
  struct Site {
    NodeId end;
    std::vector<NodeId> nodes;
    NodeId leader{};  // of its own; empty: the newest
  };
  std::vector<Site> sites_;  // never empty
  NodeId newest_;
};

}  // namespace replsim
