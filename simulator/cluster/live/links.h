// The links of a live run: for every pair of parties, how one reaches the other. A pair on whose
// links nothing is ever set is connected directly; any other goes through a relay in this process,
// as do all links of a node whose host may be lost.
// Which pairs those are is read from the scenario, network and faults both, before anything starts.
//
// One connection carries both directions: its relay holds the link of each.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "asio/io_context.hpp"
#include "common/base/ids.h"
#include "common/base/rng.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/live/relay.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

// All methods on the io_context's thread, but for AddressFor once Listen has returned.
class Links {
 public:
  // `clients`: the ends of links at which clients sit.
  Links(const proto::Scenario& scenario, const std::vector<NodeId>& nodes,
        const std::vector<NodeId>& clients, asio::io_context* io, const Rng& rng);

  absl::Status Listen();

  // Where `dialler` must dial to reach `node`, which listens at `address`.
  std::string AddressFor(const NodeId& dialler, const NodeId& node,
                         const std::string& address) const;
  // `node` listens at `address` now.
  absl::Status NodeIsAt(const NodeId& node, const std::string& address);

  void Set(const NodeId& from, const NodeId& to, const LinkSpec& spec);
  void SetCut(const NodeId& from, const NodeId& to, bool cut);
  void Reset(const NodeId& a, const NodeId& b);
  // Resets every connection to and from `node`, with what is on its way in the relays.
  void ResetAll(const NodeId& node);

 private:
  using Pair = std::pair<NodeId, NodeId>;  // dialler, listener
  // The relays that carry `from` → `to`, each with the direction that is.
  template <class Visit>
  void ForEach(const NodeId& from, const NodeId& to, Visit visit);

  std::map<Pair, std::unique_ptr<Relay>> relays_;
};

}  // namespace replsim
