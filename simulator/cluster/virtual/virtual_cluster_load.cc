// The operations that clients send to a virtual cluster.
#include <utility>

#include "common/node/write_request.h"
#include "common/storage/store/command.h"
#include "simulator/cluster/managed/unanswered.h"
#include "simulator/cluster/virtual/virtual_cluster.h"

namespace replsim {
void VirtualCluster::Write(uint64_t client, uint64_t sequence, absl::string_view key,
                           absl::string_view value, Instant deadline, OperationDone done) {
  SendWrite(client, RequestOf({client, sequence, CommandKind::kPut, key, value}), deadline,
            std::move(done));
}

void VirtualCluster::Execute(const Command& command, Instant deadline, OperationDone done) {
  SendWrite(command.client, RequestOf(command), deadline, std::move(done));
}

void VirtualCluster::Submit(uint64_t client, uint64_t sequence, absl::string_view key,
                            absl::string_view value, Instant deadline, OperationDone done) {
  WriteRequest request = RequestOf({client, sequence, CommandKind::kPut, key, value});
  request.ticket = true;
  SendWrite(client, std::move(request), deadline, std::move(done));
}

void VirtualCluster::SendWrite(uint64_t client, WriteRequest request, Instant deadline,
                               OperationDone done) {
  const WriteRouter::Route route = router().RouteOf(client);
  request.known_epoch = clients_.known_epoch(route.site, IndexOf(route.node));
  auto send = [this, request = std::move(request)](const WriteRouter::Route& now, Instant until,
                                                   OperationDone then) mutable {
    clients_.Send(now.site, IndexOf(now.node), std::move(request), until, std::move(then));
  };
  router().Write(route, deadline, std::move(send), std::move(done));
}

void VirtualCluster::AskTicket(uint64_t client, Position ticket, bool watch, Instant deadline,
                               OperationDone done) {
  const WriteRouter::Route route = router().RouteOf(client);
  if (!route.connected) return Unreachable(std::move(done));
  const size_t node = IndexOf(route.node);
  clients_.Send(route.site, node,
                TicketRequest{RequestId(0), clients_.known_epoch(route.site, node), ticket, watch},
                deadline, std::move(done));
}

void VirtualCluster::Unreachable(OperationDone done) {
  Later([done = std::move(done)]() mutable { done(NeverSent()); });
}

void VirtualCluster::Read(uint64_t client, const NodeId& id, absl::string_view key, ReadMode mode,
                          Position at_least, Instant deadline, OperationDone done) {
  const size_t node = IndexOf(id);
  const size_t site = sites().SiteOf(client);
  // A reader can use another replica, so a read does not wait for a node that cannot be reached.
  if (!clients_.open(site, node)) return Unreachable(std::move(done));
  ReadRequest request;
  request.key = std::string(key);
  request.at_least = at_least;
  if (mode == ReadMode::kPrimary) request.consistency = ReadConsistency::kPrimary;
  if (mode == ReadMode::kAtPosition) request.consistency = ReadConsistency::kAtPosition;
  const bool of_primary = mode == ReadMode::kPrimary;
  clients_.Send(site, node, std::move(request), deadline,
                of_primary ? router().Track(site, id, std::move(done)) : std::move(done));
}

}  // namespace replsim
