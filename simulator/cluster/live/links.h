// Decides how each pair of parties connects in a live run: directly, or through a relay in this
// process. A pair gets a relay if the scenario's network or faults touch its links, or if one of
// the two may lose its host or be isolated. The decision is made before anything starts.
//
// One connection carries both directions; its relay holds the link of each direction.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "asio/io_context.hpp"
#include "common/base/ids.h"
#include "common/base/rng.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/live/relay.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

// All methods run on the io_context's thread. AddressFor may be called from any thread once Listen
// has returned.
class Links {
 public:
  // `clients` are the link ends at which clients sit.
  Links(const proto::Scenario& scenario, const std::vector<NodeId>& nodes,
        const std::vector<NodeId>& clients, asio::io_context* io, const Rng& rng);

  // Gives every pair of `nodes` a relay, and observes what passes between `dialler` and `listener`.
  // Call it before Listen.
  using MakeTap = std::function<std::unique_ptr<PipeTap>(
      const NodeId& dialler, const NodeId& listener, Relay::Direction direction)>;
  void TapAll(const std::vector<NodeId>& nodes, MakeTap make_tap);

  absl::Status Listen();

  // Returns the address that `dialler` dials to reach `node`, which listens at `address`.
  std::string AddressFor(const NodeId& dialler, const NodeId& node,
                         const std::string& address) const;
  // Records that `node` listens at `address` now.
  absl::Status NodeIsAt(const NodeId& node, const std::string& address);

  void Set(const NodeId& from, const NodeId& to, const LinkSpec& spec);
  void SetCut(const NodeId& from, const NodeId& to, bool cut);
  void Reset(const NodeId& a, const NodeId& b);
  // Resets every connection to and from `node` and drops the data in its relays.
  void ResetAll(const NodeId& node);

 private:
  using Pair = std::pair<NodeId, NodeId>;  // dialler, listener
  // Calls `visit` with each relay that carries `from` → `to`, and the direction within the relay.
  template <class Visit>
  void ForEach(const NodeId& from, const NodeId& to, Visit visit);

  asio::io_context* const io_;
  const Rng rng_;
  std::map<Pair, std::unique_ptr<Relay>> relays_;
};

}  // namespace replsim
