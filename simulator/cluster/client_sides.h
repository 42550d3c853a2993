// Where clients sit. Together, as a rule; where several of a scenario's groups list clients, on
// sides: each side's clients reach the nodes over links of their own, read within their group, and
// write to who came to lead there last, until that one refuses to lead. What a client does that
// looks for a leader near it, and does not hear of one behind a partition.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "protos/scenario.pb.h"

namespace replsim {

class ClientSides {
 public:
  // `cluster` is resolved: clients of a side stand in its group as client@NAME. `nodes` are all,
  // and the first leads.
  ClientSides(const proto::Cluster& cluster, const std::vector<NodeId>& nodes);

  size_t count() const { return sides_.size(); }
  // A client with several operations in flight writes under several names, which differ in their
  // upper half only (simulator/recording/request_name.h).
  size_t SideOf(uint64_t client) const { return static_cast<uint32_t>(client) % sides_.size(); }
  // The end of links at which they sit.
  const NodeId& end(size_t side) const { return sides_[side].end; }
  // The nodes of its group; all of them where there is one side.
  const std::vector<NodeId>& nodes(size_t side) const { return sides_[side].nodes; }

  // Who came to lead last, wherever.
  const NodeId& newest() const { return newest_; }
  const NodeId& LeaderOf(size_t side) const;
  void Leads(const NodeId& node);
  // `node` has told a client of this side that it does not lead.
  void Refused(size_t side, const NodeId& node);

 private:
  struct Side {
    NodeId end;
    std::vector<NodeId> nodes;
    NodeId leader{};  // of its own; empty: the newest
  };
  std::vector<Side> sides_;  // never empty
  NodeId newest_;
};

}  // namespace replsim
