#include "simulator/workload/operation_issuer.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "simulator/recording/written_value.h"
#include "simulator/workload/quorum_read.h"

namespace replsim {
OperationIssuer::OperationIssuer(const proto::Workload& workload, Cluster* cluster,
                                 Scheduler* scheduler, const Rng& rng, Sink sink)
    : cluster_(cluster),
      scheduler_(scheduler),
      sink_(std::move(sink)),
      keys_(workload.keys()),
      mix_(workload.mix()),
      own_share_(workload.read_own_writes()),
      read_from_(workload.read_from()),
      read_wait_(workload.read_wait()),
      targets_(workload, cluster, rng),
      value_bytes_(workload.value_bytes().bytes()),
      transaction_keys_(workload.transaction_keys()),
      deadline_(workload.deadline().ns()),
      one_at_a_time_(workload.style() != proto::FUTURE && workload.style() != proto::TICKET),
      for_tickets_(workload.style() == proto::TICKET),
      watch_(workload.watch()),
      poll_(workload.poll().ns()),
      retry_(workload.retry()) {
  REPL_CHECK(keys_.count() <= std::numeric_limits<uint32_t>::max(),
             "workload.keys.count: the history has room for 2^32 keys, not ", keys_.count());
  REPL_CHECK(!mix_.Has(OperationKind::kTransaction) ||
                 (transaction_keys_ > 0 && transaction_keys_ <= keys_.count()),
             "workload.transaction_keys is ", transaction_keys_, " with ", keys_.count(), " keys");
  clients_.reserve(workload.clients());
  for (uint32_t client = 0; client < workload.clients(); ++client) {
    clients_.emplace_back(rng.Fork(absl::StrCat("client-", client)));
  }
}

Intent OperationIssuer::Draw(uint32_t client, Instant intended) {
  Client& self = clients_[client];
  Intent intent;
  intent.intended = intended;
  intent.sequence = self.next_sequence++;
  const OperationMix::Drawn drawn = mix_.Draw(self.rng);
  intent.is_write = drawn.is_write;
  intent.kind = drawn.kind;
  uint64_t key = keys_.Choose(self.rng);
  // The last keys cannot be the first one of a transaction.
  if (intent.kind == OperationKind::kTransaction)
    key = std::min(key, keys_.count() - transaction_keys_);
  intent.key = static_cast<uint32_t>(key);
  intent.own_key = !intent.is_write && self.rng.Chance(own_share_);
  return intent;
}

void OperationIssuer::SetKind(OperationKind kind, Operation* operation) const {
  operation->kind = kind;
  if (kind == OperationKind::kTransaction) {
    operation->target = static_cast<uint16_t>(transaction_keys_);
  }
}

void OperationIssuer::Issue(uint32_t client, const Intent& intent, uint32_t tag) {
  const uint32_t slot = TakeSlot();
  slots_[slot] = Slot();
  slots_[slot].tag = tag;
  Operation& operation = slots_[slot].operation;
  operation.client = client + 1;
  operation.is_write = intent.is_write;
  SetKind(intent.kind, &operation);
  operation.sequence = intent.sequence;
  operation.key = intent.key;
  operation.intended_ns = ToNanos(intent.intended);
  operation.invoked_ns = ToNanos(scheduler_->Now());
  if (intent.kind == OperationKind::kCas) clients_[client].seen_values.SetExpected(&operation);
  if (intent.own_key) operation.key = clients_[client].last_written.value_or(intent.key);
  const Instant deadline = intent.intended + deadline_;
  if (intent.is_write) {
    slots_[slot].lane = TakeLane(clients_[client]);
    Attempt(slot, deadline);
  } else {
    IssueRead(slot, deadline);
  }
}

void OperationIssuer::Refuse(uint32_t client, const Intent& intent, proto::Reason reason) {
  Operation operation;
  operation.client = client + 1;
  operation.is_write = intent.is_write;
  SetKind(intent.kind, &operation);
  operation.outcome = proto::REJECTED;
  operation.reason = static_cast<uint8_t>(reason);
  operation.sequence = intent.sequence;
  operation.key = intent.key;
  operation.intended_ns = ToNanos(intent.intended);
  operation.invoked_ns = operation.completed_ns = ToNanos(scheduler_->Now());
  sink_(operation);
}

uint32_t OperationIssuer::TakeSlot() {
  if (free_.empty()) {
    slots_.emplace_back();
    return static_cast<uint32_t>(slots_.size() - 1);
  }
  const uint32_t slot = free_.back();
  free_.pop_back();
  return slot;
}

uint32_t OperationIssuer::TakeLane(Client& client) {
  if (one_at_a_time_) return 0;
  if (client.free_lanes.empty()) return client.lanes++;
  const uint32_t lane = client.free_lanes.back();
  client.free_lanes.pop_back();
  return lane;
}

void OperationIssuer::IssueRead(uint32_t slot, Instant deadline) {
  Operation& operation = slots_[slot].operation;
  ReadMode mode = read_from_.node() == "primary" ? ReadMode::kPrimary : ReadMode::kAny;
  Position at_least;
  const bool waits = read_wait_ == proto::FOR_POSITION || read_wait_ == proto::FOR_OWN_WRITES;
  if (mode == ReadMode::kAny && waits) {
    mode = ReadMode::kAtPosition;
    at_least = clients_[operation.client - 1].token;
    operation.wait_epoch = static_cast<uint32_t>(at_least.epoch.value());
    operation.wait_lsn = at_least.lsn.value();
  }
  if (read_from_.has_replicas()) return AskReplicas(slot, mode, at_least, deadline);
  const NodeId target = targets_.Choose(operation.client, scheduler_->Now());
  operation.target = IndexOf(target);
  cluster_->Read(operation.client, target, KeyName(operation.key), mode, at_least, deadline,
                 [this, slot](const OperationResult& result) { EndRead(slot, result); });
}

void OperationIssuer::EndRead(uint32_t slot, const OperationResult& result) {
  const Operation& read = slots_[slot].operation;
  targets_.Ended(read.client, read.target, result.reason);
  End(slot, result);
}

void OperationIssuer::AskReplicas(uint32_t slot, ReadMode mode, Position at_least,
                                  Instant deadline) {
  const NodeId primary = cluster_->primary();
  std::vector<NodeId> replicas = cluster_->nodes();
  std::erase(replicas, primary);
  // Owned by the callbacks alone: answers that arrive after the read has ended, perhaps after this
  // object has been destroyed, still need it.
  const auto answers = std::make_shared<QuorumRead>(
      replicas.size(), read_from_.replicas(),
      [this, slot](const OperationResult& result) { End(slot, result); });
  const std::string key = KeyName(slots_[slot].operation.key);
  for (const NodeId& replica : replicas) {
    cluster_->Read(slots_[slot].operation.client, replica, key, mode, at_least, deadline,
                   [answers](OperationResult result) { answers->Add(std::move(result)); });
  }
}

void OperationIssuer::End(uint32_t slot, const OperationResult& result) {
  // A copy, because the slot may be reused by the next operation before this one is complete.
  Operation operation = slots_[slot].operation;
  const uint32_t tag = slots_[slot].tag;
  Client& client = clients_[operation.client - 1];
  if (operation.is_write && !one_at_a_time_) client.free_lanes.push_back(slots_[slot].lane);
  free_.push_back(slot);

  operation.outcome = static_cast<uint8_t>(result.outcome);
  operation.reason = static_cast<uint8_t>(result.reason);
  operation.unprotected = result.unprotected;
  operation.node = IndexOf(result.served_by);
  operation.completed_ns = ToNanos(scheduler_->Now());
  const bool committed = result.outcome == proto::COMMITTED;
  if (committed) {
    operation.has_position = result.position.has_value();
    if (result.position) {
      operation.epoch = static_cast<uint32_t>(result.position->epoch.value());
      operation.lsn = result.position->lsn.value();
      const bool counts = operation.is_write || read_wait_ != proto::FOR_OWN_WRITES;
      if (counts) client.token = std::max(client.token, *result.position);
    }
    if (!operation.is_write) SetValue(result.value, &operation);
    operation.no_effect = result.took_effect ? 0 : 1;
    if (operation.is_change()) client.last_written = operation.key + operation.key_count() - 1;
    if (mix_.Has(OperationKind::kCas)) client.seen_values.Learn(operation);
  }
  sink_(operation);
  if (committed && operation.is_write) {
    ++committed_writes_;
    if (on_committed_) on_committed_(committed_writes_);
  }
  if (ended_) ended_(operation.client - 1, tag, result.outcome);
}

// Returns the last element of a value. Sets the list that a read saw.
std::optional<WrittenValue> OperationIssuer::ParseAndList(const std::string& value,
                                                          Operation* read) {
  const auto elements = ParseList(value);
  if (!elements) return std::nullopt;
  if (elements->size() > 1) {
    read->attempts =
        lists_.NumberOf(*elements, [this](const ListedValue& list) { list_sink_(list); });
  }
  return elements->back();
}

// Stores the value that the client saw, as the node returned it.
void OperationIssuer::SetValue(const std::optional<std::string>& value, Operation* read) {
  std::optional<WrittenValue> seen = WrittenValue();
  if (value && !mix_.Has(OperationKind::kAppend)) seen = ParseValue(*value);
  if (value && mix_.Has(OperationKind::kAppend)) seen = ParseAndList(*value, read);
  if (!seen) return;  // not written by a client of this load
  read->has_value = 1;
  read->value_client = seen->client;
  read->value_sequence = seen->sequence;
}

uint16_t OperationIssuer::IndexOf(const NodeId& node) const {
  if (node.empty()) return kNoNode;
  const std::vector<NodeId>& nodes = cluster_->nodes();
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i] == node) return static_cast<uint16_t>(i);
  }
  return kNoNode;
}

}  // namespace replsim
