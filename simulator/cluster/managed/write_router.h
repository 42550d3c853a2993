// Chooses the node to which each write goes: the primary that the client's site knows. If that node
// cannot be reached, the write waits (write_backlog.h). The caller transports the operations.
//
// With a lookup, the clients learn of a new primary only from it (primary_lookup.h), and the writes
// of a site that searches wait.
//
// Everything runs under the run's scheduler.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "simulator/cluster/managed/client_sites.h"
#include "simulator/cluster/managed/primary_epochs.h"
#include "simulator/cluster/managed/primary_lookup.h"
#include "simulator/cluster/managed/write_backlog.h"

namespace replsim {

class WriteRouter {
 public:
  // Whether the clients of `site` are connected to `node`.
  using IsConnected = std::function<bool(size_t site, const NodeId& node)>;
  // The node that receives a client's writes now.
  struct Route {
    size_t site;
    NodeId node;
    bool connected;  // whether the site's clients are connected to `node`
  };

  // `epochs`, `lookup` and `scheduler` outlive the router. `lookup` may be null.
  WriteRouter(ClientSites sites, const PrimaryEpochs* epochs, PrimaryLookup* lookup,
              IsConnected is_connected, Scheduler* scheduler);

  const ClientSites& sites() const { return sites_; }
  Route RouteOf(uint64_t client) { return RouteFrom(sites_.SiteOf(client)); }
  const NodeId& PrimaryFor(uint64_t client) const { return PrimaryFrom(sites_.SiteOf(client)); }

  // Calls `send(route, deadline, done)` at most once. It calls at once if `route` is connected and
  // no earlier write of the site waits, otherwise when the site's clients are connected to their
  // primary. A write that is not sent by its deadline ends REJECTED/UNREACHABLE: it is certain not
  // to have happened.
  template <class Send>
  void Write(const Route& route, Instant deadline, Send&& send, OperationDone done) {
    WriteBacklog& backlog = *backlogs_[route.site];
    done = Track(route.site, route.node, std::move(done));
    if (route.connected && backlog.empty()) return send(route, deadline, std::move(done));
    auto send_later = [this, site = route.site, send = std::forward<Send>(send)](
                          Instant until, OperationDone then) mutable {
      send(RouteFrom(site), until, std::move(then));
    };
    backlog.Add(deadline, std::move(send_later), std::move(done));
  }

  // Returns `done` with the router's own note of the result: a node may refuse, or not answer.
  OperationDone Track(size_t site, const NodeId& node, OperationDone done);

  // `node` has become the primary. Without a lookup, the clients of its sites write to it from now
  // on.
  void Leads(const NodeId& node);
  // The clients of `site` have found `node`.
  void Found(size_t site, const NodeId& node);
  // Sends the waiting writes that can be sent now. Call it when a connection opens and when a node
  // becomes the primary.
  void SendWaiting();
  // Discards the waiting writes at the end of the run; their `done` is never called.
  void Drop();

 private:
  Route RouteFrom(size_t site);
  const NodeId& PrimaryFrom(size_t site) const;

  ClientSites sites_;
  const PrimaryEpochs* const epochs_;
  PrimaryLookup* const lookup_;
  const IsConnected is_connected_;
  std::vector<std::unique_ptr<WriteBacklog>> backlogs_;  // one per site
};

}  // namespace replsim
