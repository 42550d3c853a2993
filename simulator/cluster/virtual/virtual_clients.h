// The load generator's connections to the nodes of a virtual cluster; the counterpart of
// ClientSession. An operation is sent only over an open connection, so an operation that was not
// sent is certain not to have happened. operations_in_flight.h defines how a sent operation ends.
// Single-threaded, under the scheduler.
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
  // The clients are the network's last ends, one end per site. All pointers outlive this object.
  VirtualClients(size_t first_end, size_t sites, VirtualNetwork* network, Scheduler* scheduler)
      : first_end_(first_end), sites_(sites), network_(network), scheduler_(scheduler) {}
  void SetNodes(std::vector<VirtualNode*> nodes);
  // Called whenever a connection becomes usable.
  void OnOpen(std::function<void()> opened) { on_open_ = std::move(opened); }

  bool open(size_t site, size_t node) const { return sessions_[site][node].open; }
  // The highest epoch in any answer of that node.
  Epoch known_epoch(size_t site, size_t node) const {
    return sessions_[site][node].in_flight.known_epoch();
  }
  // Call only while the connection is open. Assigns the request's id.
  void Send(size_t site, size_t node, WriteRequest request, Instant deadline, OperationDone done);
  void Send(size_t site, size_t node, ReadRequest request, Instant deadline, OperationDone done);
  void Send(size_t site, size_t node, TicketRequest request, Instant deadline, OperationDone done);
  // Breaks the connection and dials again.
  void Reset(size_t site, size_t node);

  // --- the nodes' side ---
  void Connect(size_t node);  // the node has come up
  void Died(size_t node);
  // The node died with its host: its clients' connections break at once.
  void HostLost(size_t node);
  void Answer(size_t node, const AnswerWrite& answer, Instant depart);
  void Answer(size_t node, const AnswerRead& answer, const KvStore::Entry* entry, Instant depart);

  // Ends the operations in flight as unknown; no answer is delivered afterwards.
  void Shut();

 private:
  struct Session {
    bool open = false;
    uint64_t generation = 0;  // of the connection; messages of an older one are ignored
    // end of the node's present life; messages that would leave it later are lost
    Instant died_at = kNever;
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
