#include "simulator/cluster/live/links.h"

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/cluster/managed/scenario_links.h"

namespace replsim {

Links::Links(const proto::Scenario& scenario, const std::vector<NodeId>& nodes,
             const std::vector<NodeId>& clients, asio::io_context* io, const Rng& rng)
    : io_(io), rng_(rng) {
  std::set<Pair> touched;
  const auto touch = [&](const auto& from, const auto& to) {
    for (const std::string& a : from) {
      for (const std::string& b : to) touched.insert(std::minmax(NodeId(a), NodeId(b)));
    }
  };
  for (const proto::Link& link : scenario.network()) touch(link.from(), link.to());
  for (const proto::Fault& fault : scenario.faults()) touch(fault.from(), fault.to());
  std::vector<std::string> all;
  for (const NodeId& node : nodes) all.push_back(node.name());
  for (const NodeId& client : clients) all.push_back(client.name());
  for (const proto::Fault& fault : scenario.faults()) {
    if (fault.do_() != proto::HOST_LOSS && fault.do_() != proto::ISOLATE) continue;
    if (fault.node() == "primary") {
      touch(all, all);
    } else {
      touch(std::vector<std::string>{fault.node()}, all);
    }
  }

  // Any node may dial any other, because any node may become the primary. Only clients never
  // listen.
  std::vector<NodeId> diallers = nodes;
  diallers.insert(diallers.end(), clients.begin(), clients.end());
  for (const NodeId& dialler : diallers) {
    for (const NodeId& node : nodes) {
      if (dialler == node || !touched.contains(std::minmax(dialler, node))) continue;
      const std::string purpose = absl::StrCat("relay ", dialler.name(), " ", node.name());
      relays_.emplace(Pair(dialler, node), std::make_unique<Relay>(io, rng.Fork(purpose)));
    }
  }
  ForEachLink(scenario, [this](const NodeId& from, const NodeId& to, const LinkSpec& spec) {
    Set(from, to, spec);
  });
}

void Links::TapAll(const std::vector<NodeId>& nodes, MakeTap make_tap) {
  for (const NodeId& dialler : nodes) {
    for (const NodeId& listener : nodes) {
      if (dialler == listener) continue;
      auto& relay = relays_[{dialler, listener}];
      if (relay == nullptr) {
        relay = std::make_unique<Relay>(
            io_, rng_.Fork(absl::StrCat("relay ", dialler.name(), " ", listener.name())));
      }
      relay->SetTap([make_tap, dialler, listener](Relay::Direction direction) {
        return make_tap(dialler, listener, direction);
      });
    }
  }
}

absl::Status Links::Listen() {
  for (auto& [pair, relay] : relays_) REPL_RETURN_IF_ERROR(relay->Listen());
  return absl::OkStatus();
}

std::string Links::AddressFor(const NodeId& dialler, const NodeId& node,
                              const std::string& address) const {
  const auto relay = relays_.find({dialler, node});
  return relay == relays_.end() ? address : relay->second->address();
}

absl::Status Links::NodeIsAt(const NodeId& node, const std::string& address) {
  for (auto& [pair, relay] : relays_) {
    if (pair.second == node) REPL_RETURN_IF_ERROR(relay->SetTarget(address));
  }
  return absl::OkStatus();
}

template <class Visit>
void Links::ForEach(const NodeId& from, const NodeId& to, Visit visit) {
  if (const auto it = relays_.find({from, to}); it != relays_.end()) {
    visit(*it->second, Relay::Direction::kToServer);
  }
  if (const auto it = relays_.find({to, from}); it != relays_.end()) {
    visit(*it->second, Relay::Direction::kToClient);
  }
}

void Links::Set(const NodeId& from, const NodeId& to, const LinkSpec& spec) {
  ForEach(from, to,
          [&](Relay& relay, Relay::Direction direction) { relay.SetLink(direction, spec); });
}

void Links::Reset(const NodeId& a, const NodeId& b) {
  ForEach(a, b, [](Relay& relay, Relay::Direction) { relay.Reset(); });
}

void Links::ResetAll(const NodeId& node) {
  for (auto& [pair, relay] : relays_) {
    if (pair.first == node || pair.second == node) relay->Reset();
  }
}

void Links::SetCut(const NodeId& from, const NodeId& to, bool cut) {
  ForEach(from, to,
          [&](Relay& relay, Relay::Direction direction) { relay.SetCut(direction, cut); });
}

}  // namespace replsim
