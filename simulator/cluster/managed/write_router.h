// Where clients write to: the primary as far as the clients of a site know it. A write that finds
// no such node waits (write_backlog.h). How an operation travels is the caller's affair.
//
// Everything runs under the run's scheduler.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "simulator/cluster/managed/client_sites.h"
#include "simulator/cluster/managed/primary_epochs.h"
#include "simulator/cluster/managed/write_backlog.h"

namespace replsim {

class WriteRouter {
 public:
  // Whether the clients of `site` are connected to `node`.
  using IsConnected = std::function<bool(size_t site, const NodeId& node)>;
  // Where the operations of a client go now.
  struct Route {
    size_t site;
    NodeId node;
    bool connected;  // its clients to the node
  };

  // `epochs` and `scheduler` outlive it.
  WriteRouter(ClientSites sites, const PrimaryEpochs* epochs, IsConnected is_connected,
              Scheduler* scheduler);

  const ClientSites& sites() const { return sites_; }
  Route RouteOf(uint64_t client) const { return RouteFrom(sites_.SiteOf(client)); }
  const NodeId& PrimaryFor(uint64_t client) const { return PrimaryFrom(sites_.SiteOf(client)); }

  // Calls `send(route, deadline, done)` once: now where `route` is connected and no earlier write
  // of its site waits, otherwise as soon as the clients of the site are connected to their primary.
  // A write that is not sent by its deadline is REJECTED as UNREACHABLE: it certainly did not
  // happen.
  template <class Send>
  void Write(const Route& route, Instant deadline, Send send, OperationDone done) {
    WriteBacklog& backlog = *backlogs_[route.site];
    OperationDone noted = NoteRefusal(route, std::move(done));
    if (route.connected && backlog.empty()) return send(route, deadline, std::move(noted));
    auto send_later = [this, site = route.site, send = std::move(send)](
                          Instant until, OperationDone then) mutable {
      send(RouteFrom(site), until, std::move(then));
    };
    backlog.Add(deadline, std::move(send_later), std::move(noted));
  }

  // `node` has become the primary: the clients of its sites write to it from now on.
  void Leads(const NodeId& node) { sites_.Leads(node); }
  // Sends the writes that wait and can be sent now. To be called when a connection opens and when a
  // node becomes the primary.
  void SendWaiting();
  // The end: the writes that wait are never answered.
  void Drop();

 private:
  Route RouteFrom(size_t site) const;
  const NodeId& PrimaryFrom(size_t site) const;
  OperationDone NoteRefusal(const Route& route, OperationDone done);

  ClientSites sites_;
  const PrimaryEpochs* const epochs_;
  const IsConnected is_connected_;
  std::vector<std::unique_ptr<WriteBacklog>> backlogs_;  // one for each site
};

}  // namespace replsim
