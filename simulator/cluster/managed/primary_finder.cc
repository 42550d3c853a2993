#include "simulator/cluster/managed/primary_finder.h"

#include <utility>

namespace replsim {

PrimaryFinder::PrimaryFinder(Options options, Nanos ask_every, Scheduler* scheduler)
    : options_(std::move(options)),
      ask_every_(ask_every),
      scheduler_(scheduler),
      searches_(options_.sites) {}

void PrimaryFinder::Doubt(size_t site, const NodeId& doubted) {
  Search& search = searches_[site];
  if (search.active || !*alive_) return;
  search.active = true;
  search.doubted = doubted;
  BeginRound(site);
}

void PrimaryFinder::BeginRound(size_t site) {
  Search& search = searches_[site];
  const uint64_t round = ++search.round;
  search.unanswered = options_.nodes.size();
  search.doubted_leads = false;
  const Instant next = scheduler_->Now() + ask_every_;
  for (const NodeId& node : options_.nodes) {
    options_.ask(site, node, next, [this, site, round, node, alive = alive_](bool leads) {
      if (*alive) HandleAnswer(site, round, node, leads);
    });
  }
  scheduler_->At(next, [this, site, round, alive = alive_] {
    if (!*alive || !searches_[site].active || searches_[site].round != round) return;
    if (searches_[site].doubted_leads) return Found(site, NodeId(searches_[site].doubted));
    BeginRound(site);
  });
}

void PrimaryFinder::HandleAnswer(size_t site, uint64_t round, const NodeId& node, bool leads) {
  Search& search = searches_[site];
  if (!search.active || search.round != round) return;
  --search.unanswered;
  if (leads && node != search.doubted) return Found(site, node);
  if (leads) search.doubted_leads = true;
  if (search.unanswered == 0 && search.doubted_leads) Found(site, NodeId(search.doubted));
}

void PrimaryFinder::Found(size_t site, const NodeId& primary) {
  searches_[site].active = false;
  options_.found(site, primary);
}

void PrimaryFinder::Drop() { *alive_ = false; }

}  // namespace replsim
