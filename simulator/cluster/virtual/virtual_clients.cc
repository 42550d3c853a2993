#include "simulator/cluster/virtual/virtual_clients.h"

#include <algorithm>

#include "common/config/outcome_convert.h"
#include "simulator/cluster/virtual/virtual_node.h"

namespace replsim {
namespace {

constexpr uint64_t kSmallMessageBytes = 64;

}  // namespace

void VirtualClients::SetNodes(std::vector<VirtualNode*> nodes) {
  nodes_ = std::move(nodes);
  sessions_.clear();
  for (size_t site = 0; site < sites_; ++site) {
    sessions_.push_back(std::vector<Session>(nodes_.size()));
  }
}

// --- the clients' side ---

void VirtualClients::Send(size_t site, size_t node, WriteRequest request, Instant deadline,
                          OperationDone done) {
  request.id = Begin(site, node, /*is_write=*/true, deadline, std::move(done));
  ToNode(site, node, kSmallMessageBytes + request.command.size(), std::move(request));
}

void VirtualClients::Send(size_t site, size_t node, ReadRequest request, Instant deadline,
                          OperationDone done) {
  request.id = Begin(site, node, /*is_write=*/false, deadline, std::move(done));
  ToNode(site, node, kSmallMessageBytes, std::move(request));
}

void VirtualClients::Send(size_t site, size_t node, TicketRequest request, Instant deadline,
                          OperationDone done) {
  request.id = Begin(site, node, /*is_write=*/false, deadline, std::move(done));
  ToNode(site, node, kSmallMessageBytes, request);
}

RequestId VirtualClients::Begin(size_t site, size_t node, bool is_write, Instant deadline,
                                OperationDone done) {
  Session& session = sessions_[site][node];
  const uint64_t id = next_id_++ * sites_ + site;
  session.in_flight.Add(id, is_write, deadline, std::move(done));
  ScheduleSweep(site, node);
  return RequestId(id);
}

void VirtualClients::ToNode(size_t site, size_t node, uint64_t bytes, Event request) {
  const uint64_t generation = sessions_[site][node].generation;
  network_->Transmit(
      EndOf(site), node, scheduler_->Now(), bytes,
      [this, site, node, generation, request = std::move(request)](bool) mutable {
        // The node has died and restarted since, so this connection is void.
        if (generation != sessions_[site][node].generation) return;
        nodes_[node]->Post(std::move(request));
      },
      Traffic::kRequest);
}

void VirtualClients::ScheduleSweep(size_t site, size_t node) {
  Session& session = sessions_[site][node];
  if (session.sweep_at <= session.in_flight.next_deadline()) return;
  session.sweep_at = session.in_flight.next_deadline();
  scheduler_->At(session.sweep_at, [this, site, node, when = session.sweep_at] {
    // otherwise an earlier sweep has run
    if (when == sessions_[site][node].sweep_at) Sweep(site, node);
  });
}

void VirtualClients::Sweep(size_t site, size_t node) {
  Session& session = sessions_[site][node];
  session.sweep_at = kNever;
  session.in_flight.FailOverdue(scheduler_->Now());
  ScheduleSweep(site, node);
}

void VirtualClients::Shut() {
  shut_ = true;
  for (std::vector<Session>& of_side : sessions_) {
    for (Session& session : of_side) {
      session.open = false;
      session.in_flight.FailAll();
    }
  }
}

// --- the nodes' side ---

void VirtualClients::Connect(size_t node) {
  for (size_t site = 0; site < sites_; ++site) {
    sessions_[site][node].died_at = kNever;
    Dial(site, node);
  }
}

void VirtualClients::Dial(size_t site, size_t node) {
  const uint64_t generation = ++sessions_[site][node].generation;
  const auto is_current = [this, site, node, generation] {
    return !shut_ && generation == sessions_[site][node].generation;
  };
  network_->Transmit(EndOf(site), node, scheduler_->Now(), kSmallMessageBytes,
                     [this, site, node, is_current](bool) {
                       if (!is_current() || !nodes_[node]->running()) return;
                       network_->Transmit(node, EndOf(site), scheduler_->Now(), kSmallMessageBytes,
                                          [this, site, node, is_current](bool) {
                                            if (!is_current()) return;
                                            sessions_[site][node].open = true;
                                            if (on_open_) on_open_();
                                          });
                     });
}

void VirtualClients::Reset(size_t site, size_t node) {
  if (shut_) return;
  Session& session = sessions_[site][node];
  session.open = false;
  session.in_flight.FailAll();
  Dial(site, node);
}

void VirtualClients::Died(size_t node) {
  const Instant now = scheduler_->Now();
  for (size_t site = 0; site < sites_; ++site) {
    Session& session = sessions_[site][node];
    session.died_at = now;
    const uint64_t generation = session.generation;
    network_->Transmit(node, EndOf(site), now, 0, [this, site, node, generation](bool) {
      Session& broken = sessions_[site][node];
      if (generation == broken.generation) broken.open = false;
      broken.in_flight.FailAll();
    });
  }
}

void VirtualClients::HostLost(size_t node) {
  for (size_t site = 0; site < sites_; ++site) {
    sessions_[site][node].open = false;
    sessions_[site][node].in_flight.FailAll();
  }
}

void VirtualClients::ToClient(size_t node, Instant depart, OperationResult result, RequestId id) {
  result.served_by = nodes_[node]->id();
  result.served_at = scheduler_->Now();
  const size_t site = SiteOf(id);
  const uint64_t generation = sessions_[site][node].generation;
  network_->Transmit(
      node, EndOf(site), depart, kSmallMessageBytes + (result.value ? result.value->size() : 0),
      [this, site, node, generation, depart, id, result = std::move(result)](bool held) mutable {
        Session& session = sessions_[site][node];
        const bool got_through = depart <= session.died_at && !(held && session.died_at != kNever);
        if (generation != session.generation || !got_through || shut_) return;
        session.in_flight.Answer(id.value(), std::move(result));
      },
      Traffic::kAnswer);
}

void VirtualClients::Answer(size_t node, const AnswerWrite& answer, Instant depart) {
  OperationResult result;
  result.outcome = ToWire(answer.outcome);
  result.reason = ToWire(answer.why);
  if (answer.position.lsn != Lsn(0)) result.position = answer.position;
  result.unprotected = !answer.is_protected;
  result.took_effect = answer.took_effect;
  ToClient(node, depart, std::move(result), answer.id);
}

void VirtualClients::Answer(size_t node, const AnswerRead& answer, const KvStore::Entry* entry,
                            Instant depart) {
  OperationResult result;
  result.outcome = answer.why == Refused::kNone ? proto::COMMITTED : proto::REJECTED;
  result.reason = ToWire(answer.why);
  if (entry != nullptr) {
    result.position = entry->position;
    if (!entry->deleted) result.value = entry->value;
  }
  ToClient(node, depart, std::move(result), answer.id);
}

}  // namespace replsim
