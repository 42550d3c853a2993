#include "simulator/cluster/managed/primary_proxy.h"

#include <algorithm>
#include <utility>

namespace replsim {

PrimaryProxy::PrimaryProxy(Options options, Checks checks, const NodeId& first,
                           Scheduler* scheduler)
    : options_(std::move(options)), checks_(checks), scheduler_(scheduler), sites_(options_.sites) {
  const std::vector<NodeId>& nodes = options_.nodes;
  const auto at = std::find(nodes.begin(), nodes.end(), first);
  for (Site& site : sites_) {
    site.nodes.resize(nodes.size());
    if (at == nodes.end()) continue;
    site.target = static_cast<size_t>(at - nodes.begin());
    site.nodes[site.target].up = true;
  }
}

void PrimaryProxy::Use(size_t site) {
  if (sites_[site].checks || !*alive_) return;
  sites_[site].checks = true;
  BeginRound(site);
}

void PrimaryProxy::Doubt(size_t number, const NodeId& doubted) {
  Site& site = sites_[number];
  if (!*alive_ || site.target == kNone || site.nodes[site.target].doubted) return;
  if (options_.nodes[site.target] != doubted) return;
  site.nodes[site.target].doubted = true;
  // Not inside the call: the router is at work on a write.
  scheduler_->At(scheduler_->Now(), [this, number, alive = alive_] {
    if (*alive) Direct(number);
  });
}

void PrimaryProxy::BeginRound(size_t site) {
  const uint64_t round = ++sites_[site].round;
  const Instant next = scheduler_->Now() + checks_.every;
  for (size_t node = 0; node < options_.nodes.size(); ++node) {
    sites_[site].nodes[node].answered = false;
    options_.ask(site, options_.nodes[node], next,
                 [this, site, round, node, alive = alive_](bool leads) {
                   if (*alive && sites_[site].round == round) Count(site, node, leads);
                 });
  }
  scheduler_->At(next, [this, site, alive = alive_] {
    if (!*alive) return;
    EndRound(site);
    BeginRound(site);
  });
}

void PrimaryProxy::EndRound(size_t site) {
  for (size_t node = 0; node < options_.nodes.size(); ++node) {
    if (!sites_[site].nodes[node].answered) Count(site, node, false);
  }
}

void PrimaryProxy::Count(size_t site, size_t number, bool leads) {
  Node& node = sites_[site].nodes[number];
  node.answered = true;
  if (leads) node.doubted = false;
  node.against = leads == node.up ? 0 : node.against + 1;
  if (node.against < (leads ? checks_.rise : checks_.fall)) return;
  node.up = leads;
  node.against = 0;
  Direct(site);
}

void PrimaryProxy::Direct(size_t number) {
  Site& site = sites_[number];
  const bool target_is_up = site.target != kNone && site.nodes[site.target].up;
  if (target_is_up && !site.nodes[site.target].doubted) return;
  // Two nodes that are up and fail every write at once must not hand it to each other for ever.
  const auto serves = [&site](size_t node) {
    return node != site.target && site.nodes[node].up && !site.nodes[node].doubted;
  };
  size_t next = 0;
  while (next < site.nodes.size() && !serves(next)) ++next;
  if (next == site.nodes.size()) {
    if (!target_is_up) site.target = kNone;
    return;
  }
  site.target = next;
  options_.found(number, options_.nodes[next]);
}

}  // namespace replsim
