// What the clients of a virtual cluster ask of it.
#include <utility>

#include "common/storage/store/command.h"
#include "simulator/cluster/virtual/virtual_cluster.h"

namespace replsim {
namespace {

WriteRequest RequestOf(const Command& command) {
  WriteRequest request;
  request.client = command.client;
  request.sequence = command.sequence;
  EncodeCommand(command, &request.command);
  return request;
}

}  // namespace

// Who leads on its site, or leads at all where that one is out of reach.
size_t VirtualCluster::WritesTo(size_t site) const {
  if (sites_.count() == 1) return IndexOf(primary());
  const size_t leader = IndexOf(sites_.LeaderOf(site));
  return clients_.open(site, leader) ? leader : IndexOf(primary());
}

void VirtualCluster::SendWaiting() {
  for (size_t site = 0; site < sites_.count(); ++site) {
    waiting_[site]->SendWhile([this, site] { return clients_.open(site, WritesTo(site)); });
  }
}

void VirtualCluster::Write(uint64_t client, uint64_t sequence, absl::string_view key,
                           absl::string_view value, Instant deadline, OperationDone done) {
  SendWrite(client, RequestOf({client, sequence, CommandKind::kPut, key, value}), deadline,
            std::move(done));
}

void VirtualCluster::Submit(uint64_t client, uint64_t sequence, absl::string_view key,
                            absl::string_view value, Instant deadline, OperationDone done) {
  WriteRequest request = RequestOf({client, sequence, CommandKind::kPut, key, value});
  request.ticket = true;
  SendWrite(client, std::move(request), deadline, std::move(done));
}

void VirtualCluster::SendWrite(uint64_t client, WriteRequest request, Instant deadline,
                               OperationDone done) {
  const size_t site = sites_.SiteOf(client);
  const size_t leader = WritesTo(site);
  request.known_epoch = clients_.known_epoch(site, leader);
  if (sites_.count() > 1) {
    done = [this, site, leader, done = std::move(done)](OperationResult result) mutable {
      const bool refused = result.reason == proto::FENCED || result.reason == proto::NOT_PRIMARY;
      if (refused) sites_.Refused(site, ids_[leader]);
      done(std::move(result));
    };
  }
  WriteBacklog& waiting = *waiting_[site];
  if (clients_.open(site, leader) && waiting.empty()) {
    return clients_.Send(site, leader, std::move(request), deadline, std::move(done));
  }
  waiting.Add(
      deadline,
      [this, site, request = std::move(request)](Instant until, OperationDone then) mutable {
        clients_.Send(site, WritesTo(site), std::move(request), until, std::move(then));
      },
      std::move(done));
}

void VirtualCluster::AskTicket(uint64_t client, Position ticket, bool watch, Instant deadline,
                               OperationDone done) {
  const size_t site = sites_.SiteOf(client);
  const size_t leader = WritesTo(site);
  if (!clients_.open(site, leader)) return Unreachable(std::move(done));
  clients_.Send(site, leader,
                TicketRequest{RequestId(0), clients_.known_epoch(site, leader), ticket, watch},
                deadline, std::move(done));
}

void VirtualCluster::Unreachable(OperationDone done) {
  Later([done = std::move(done)]() mutable {
    OperationResult result;
    result.outcome = proto::REJECTED;
    result.reason = proto::UNREACHABLE;
    done(std::move(result));
  });
}

void VirtualCluster::Read(uint64_t client, const NodeId& id, absl::string_view key, ReadMode mode,
                          Position at_least, Instant deadline, OperationDone done) {
  const size_t node = IndexOf(id);
  const size_t site = sites_.SiteOf(client);
  // A reader has other replicas to turn to: no waiting for one that cannot be reached.
  if (!clients_.open(site, node)) return Unreachable(std::move(done));
  ReadRequest request;
  request.key = std::string(key);
  request.at_least = at_least;
  if (mode == ReadMode::kPrimary) request.consistency = ReadConsistency::kPrimary;
  if (mode == ReadMode::kAtPosition) request.consistency = ReadConsistency::kAtPosition;
  clients_.Send(site, node, std::move(request), deadline, std::move(done));
}

}  // namespace replsim
