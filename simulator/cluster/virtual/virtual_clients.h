// The load generator's connections to the nodes of a virtual cluster: what ClientSession is live.
// An operation is sent only over a connection that is open, so what was not sent certainly did not
// happen. operations_in_flight.h says how one ends that was sent.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "common/protocol/effects.h"
#include "common/storage/store/store.h"
#include "simulator/cluster/managed/operations_in_flight.h"
#include "simulator/cluster/seam/cluster.h"
#include "simulator/cluster/virtual/virtual_network.h"

namespace replsim {

class VirtualNode;

class VirtualClients {
 public:
  // The clients are the network's last ends, one for each site on which they sit. All outlive it.
  VirtualClients(size_t first_end, size_t sites, VirtualNetwork* network, Scheduler* scheduler)
      : first_end_(first_end), sites_(sites), network_(network), scheduler_(scheduler) {}
  void SetNodes(std::vector<VirtualNode*> nodes);
  // Called whenever a connection can be used (again).
  void OnOpen(std::function<void()> opened) { on_open_ = std::move(opened); }

  bool open(size_t site, size_t node) const { return sessions_[site][node].open; }
  // The highest epoch any answer of that node has named.
  Epoch known_epoch(size_t site, size_t node) const {
    return sessions_[site][node].in_flight.known_epoch();
  }
  // Only over an open connection. The requests' ids are given here.
  void Send(size_t site, size_t node, WriteRequest request, Instant deadline, OperationDone done);
  void Send(size_t site, size_t node, ReadRequest request, Instant deadline, OperationDone done);
  void Send(size_t site, size_t node, TicketRequest request, Instant deadline, OperationDone done);
  // The connection breaks, and is dialled again.
  void Reset(size_t site, size_t node);

  // --- the nodes' side ---
  void Connect(size_t node);  // it has come up
  void Died(size_t node);
  // Its machine is gone, and it has died: its clients' connections break at once.
  void HostLost(size_t node);
  void Answer(size_t node, const AnswerWrite& answer, Instant depart);
  void Answer(size_t node, const AnswerRead& answer, const KvStore::Entry* entry, Instant depart);

  // Ends what is in flight as unknown; nothing is answered any more.
  void Shut();

 private:
  struct Session {
    bool open = false;
    uint64_t generation = 0;   // of the connection; what an older one brings is ignored
    Instant died_at = kNever;  // of the node's present life: what would leave it after is lost
    OperationsInFlight in_flight;
    Instant sweep_at = kNever;
  };

  RequestId Begin(size_t site, size_t node, bool is_write, Instant deadline, OperationDone done);
  void ToNode(size_t site, size_t node, uint64_t bytes, Event request);
  void ToClient(size_t node, Instant depart, OperationResult result, RequestId id);
  void ScheduleSweep(size_t site, size_t node);
  void Sweep(size_t site, size_t node);
  void Dial(size_t site, size_t node);
  size_t EndOf(size_t site) const { return first_end_ + site; }
  size_t SiteOf(RequestId id) const { return id.value() % sites_; }

  const size_t first_end_;
  const size_t sites_;
  VirtualNetwork* const network_;
  Scheduler* const scheduler_;
  std::vector<VirtualNode*> nodes_;
  std::vector<std::vector<Session>> sessions_;  // site × node
  std::function<void()> on_open_;
  uint64_t next_id_ = 1;
  bool shut_ = false;
};

}  // namespace replsim
