#include "simulator/cluster/managed/write_router.h"

namespace replsim {

WriteRouter::WriteRouter(ClientSites sites, const PrimaryEpochs* epochs, IsConnected is_connected,
                         Scheduler* scheduler)
    : sites_(std::move(sites)), epochs_(epochs), is_connected_(std::move(is_connected)) {
  for (size_t site = 0; site < sites_.count(); ++site) {
    backlogs_.push_back(std::make_unique<WriteBacklog>(scheduler));
  }
}

// Chooses the primary that the site knows, or the newest primary if that one cannot be reached.
WriteRouter::Route WriteRouter::RouteFrom(size_t site) const {
  const NodeId& near = sites_.PrimaryAt(site);
  if (!near.empty() && is_connected_(site, near)) return {site, near, true};
  const NodeId& newest = epochs_->primary();
  return {site, newest, is_connected_(site, newest)};
}

OperationDone WriteRouter::TrackRefusal(const Route& route, OperationDone done) {
  return [this, site = route.site, node = route.node,
          done = std::move(done)](OperationResult result) mutable {
    const bool refused = result.reason == proto::FENCED || result.reason == proto::NOT_PRIMARY;
    if (refused) sites_.Refused(site, node);
    done(std::move(result));
  };
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
