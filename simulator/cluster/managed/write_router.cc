#include "simulator/cluster/managed/write_router.h"

namespace replsim {

WriteRouter::WriteRouter(ClientSites sites, const PrimaryEpochs* epochs, PrimaryLookup* lookup,
                         IsConnected is_connected, Scheduler* scheduler)
    : sites_(std::move(sites)),
      epochs_(epochs),
      lookup_(lookup),
      is_connected_(std::move(is_connected)) {
  for (size_t site = 0; site < sites_.count(); ++site) {
    backlogs_.push_back(std::make_unique<WriteBacklog>(scheduler));
    if (lookup_ != nullptr) sites_.Found(site, epochs_->primary());
  }
}

// Returns the primary that the site knows. Without a lookup: the newest primary if that one cannot
// be reached.
const NodeId& WriteRouter::PrimaryFrom(size_t site) const {
  const NodeId& near = sites_.PrimaryAt(site);
  if (lookup_ != nullptr) return near;
  return !near.empty() && is_connected_(site, near) ? near : epochs_->primary();
}

WriteRouter::Route WriteRouter::RouteFrom(size_t site) {
  if (lookup_ == nullptr) {
    const NodeId& near = sites_.PrimaryAt(site);
    if (!near.empty() && is_connected_(site, near)) return {site, near, true};
    const NodeId& newest = epochs_->primary();
    return {site, newest, is_connected_(site, newest)};
  }
  lookup_->Use(site);
  const NodeId& node = sites_.PrimaryAt(site);
  const bool connected = is_connected_(site, node);
  if (!connected) lookup_->Doubt(site, node);
  return {site, node, connected && !lookup_->is_searching(site)};
}

// With one site and no lookup there is no other primary to try, so refusals are not recorded.
OperationDone WriteRouter::Track(size_t site, const NodeId& node, OperationDone done) {
  if (sites_.count() == 1 && lookup_ == nullptr) return done;
  return [this, site, node, done = std::move(done)](OperationResult result) mutable {
    const bool refused = result.reason == proto::FENCED || result.reason == proto::NOT_PRIMARY;
    const bool silent = result.outcome == proto::UNKNOWN && result.reason == proto::DEADLINE;
    if (lookup_ == nullptr) {
      if (refused) sites_.Refused(site, node);
    } else if ((refused || silent) && node == sites_.PrimaryAt(site)) {
      lookup_->Doubt(site, node);
    }
    done(std::move(result));
  };
}

void WriteRouter::Leads(const NodeId& node) {
  if (lookup_ == nullptr) sites_.Leads(node);
}

void WriteRouter::Found(size_t site, const NodeId& node) {
  sites_.Found(site, node);
  SendWaiting();
}

void WriteRouter::SendWaiting() {
  for (size_t site = 0; site < backlogs_.size(); ++site) {
    backlogs_[site]->SendWhile([this, site] { return RouteFrom(site).connected; });
  }
}

void WriteRouter::Drop() {
  for (const auto& backlog : backlogs_) backlog->Drop();
}

}  // namespace replsim
