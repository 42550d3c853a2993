#include "common/server/rpc/wire_convert.h"

#include <string>
#include <utility>

#include "common/base/check.h"
#include "common/base/epoch.h"
#include "common/base/status.h"

namespace replsim {
namespace {

constexpr size_t kJoinedBytesMax = 256 << 10;
constexpr int kJoinedOperationsMax = 1024;

template <class Wire>
void HistoryToWire(const EpochHistory& history, Wire* wire) {
  for (const EpochStart& s : history.starts()) {
    proto::EpochStart* start = wire->add_history();
    start->set_epoch(s.epoch.value());
    start->set_start(s.start.value());
  }
}

void RefusalToWire(const Refusal& refusal, proto::Refusal* wire) {
  wire->set_epoch(refusal.epoch.value());
  wire->set_first_lsn(refusal.first.value());
}

std::optional<Message> RefusalFromWire(const proto::Refusal& wire) {
  const absl::StatusOr<Epoch> epoch = ToEpoch(wire.epoch());
  if (!epoch.ok()) return std::nullopt;
  return Refusal{*epoch, Lsn(wire.first_lsn())};
}

// Checks the order of the epochs first, because the constructor of EpochHistory aborts on a breach.
template <class Wire>
std::optional<EpochHistory> HistoryFromWire(const Wire& wire) {
  std::vector<EpochStart> starts;
  for (const proto::EpochStart& s : wire.history()) {
    const absl::StatusOr<Epoch> epoch = ToEpoch(s.epoch());
    if (!epoch.ok()) return std::nullopt;
    const EpochStart start{*epoch, Lsn(s.start())};
    if (!starts.empty() &&
        (start.epoch <= starts.back().epoch || start.start < starts.back().start)) {
      return std::nullopt;
    }
    starts.push_back(start);
  }
  return EpochHistory(std::move(starts));
}

}  // namespace

proto::FromReplica ToFromReplica(const Message& message) {
  proto::FromReplica wire;
  if (const auto* hello = std::get_if<Hello>(&message)) {
    proto::Hello* h = wire.mutable_hello();
    h->set_id(hello->id.name());
    h->set_epoch(hello->epoch.value());
    HistoryToWire(hello->history, h);
    h->set_last(hello->last.value());
    h->set_unclean(hello->unclean);
  } else if (const auto* ack = std::get_if<Ack>(&message)) {
    proto::Ack* a = wire.mutable_ack();
    a->set_epoch(ack->epoch.value());
    a->set_receive(ack->receive.value());
    a->set_write(ack->write.value());
    a->set_flush(ack->flush.value());
    a->set_apply(ack->apply.value());
    a->set_heard_ns(ToNanos(ack->heard));
  } else if (const auto* refusal = std::get_if<Refusal>(&message)) {
    RefusalToWire(*refusal, wire.mutable_refusal());
  } else {
    REPL_CHECK(false, "not a replica's message");
  }
  return wire;
}

proto::FromPrimary ToFromPrimary(const Message& message) {
  proto::FromPrimary wire;
  if (const auto* welcome = std::get_if<Welcome>(&message)) {
    proto::Welcome* w = wire.mutable_welcome();
    w->set_epoch(welcome->epoch.value());
    HistoryToWire(welcome->history, w);
    w->set_resume_after(welcome->resume_after.value());
    w->set_commit(welcome->commit.value());
    for (const Stage stage : welcome->prompt_stages) {
      // The wire's stages are numbered from 1, in the same order.
      w->add_prompt_stages(static_cast<proto::AckStage>(static_cast<int>(stage) + 1));
    }
  } else if (const auto* append = std::get_if<Append>(&message)) {
    proto::Append* a = wire.mutable_append();
    a->set_epoch(append->epoch.value());
    a->set_commit(append->commit.value());
    a->set_time_ns(ToNanos(append->time));
    a->set_in_sync(append->in_sync);
    a->set_log_bytes(append->log_bytes);
    if (append->batch != nullptr) a->set_records(append->batch->bytes);
  } else if (const auto* refusal = std::get_if<Refusal>(&message)) {
    RefusalToWire(*refusal, wire.mutable_refusal());
  } else {
    REPL_CHECK(false, "not a primary's message");
  }
  return wire;
}

std::optional<Message> FromWire(proto::FromReplica& wire) {
  switch (wire.message_case()) {
    case proto::FromReplica::kHello: {
      const proto::Hello& h = wire.hello();
      const absl::StatusOr<Epoch> epoch = ToEpoch(h.epoch());
      std::optional<EpochHistory> history = HistoryFromWire(h);
      if (!epoch.ok() || !history) return std::nullopt;
      return Hello{NodeId(h.id()), *epoch, *std::move(history), Lsn(h.last()), h.unclean()};
    }
    case proto::FromReplica::kAck: {
      const proto::Ack& a = wire.ack();
      const absl::StatusOr<Epoch> epoch = ToEpoch(a.epoch());
      if (!epoch.ok()) return std::nullopt;
      return Ack{*epoch,         Lsn(a.receive()), Lsn(a.write()),
                 Lsn(a.flush()), Lsn(a.apply()),   FromNanos(a.heard_ns())};
    }
    case proto::FromReplica::kRefusal:
      return RefusalFromWire(wire.refusal());
    case proto::FromReplica::MESSAGE_NOT_SET:
      break;
  }
  return std::nullopt;
}

std::optional<Message> FromWire(proto::FromPrimary& wire) {
  switch (wire.message_case()) {
    case proto::FromPrimary::kWelcome: {
      const proto::Welcome& w = wire.welcome();
      const absl::StatusOr<Epoch> epoch = ToEpoch(w.epoch());
      std::optional<EpochHistory> history = HistoryFromWire(w);
      if (!epoch.ok() || !history) return std::nullopt;
      Welcome welcome{*epoch, *std::move(history), Lsn(w.resume_after()), Lsn(w.commit()), {}};
      for (const int stage : w.prompt_stages()) {
        if (stage < proto::REPLICA_RECEIVE || stage > proto::REPLICA_APPLY) return std::nullopt;
        welcome.prompt_stages.insert(static_cast<Stage>(stage - 1));
      }
      return welcome;
    }
    case proto::FromPrimary::kAppend: {
      proto::Append& a = *wire.mutable_append();
      const absl::StatusOr<Epoch> epoch = ToEpoch(a.epoch());
      if (!epoch.ok()) return std::nullopt;
      Append append{*epoch,  Lsn(a.commit()), FromNanos(a.time_ns()),
                    nullptr, a.in_sync(),     a.log_bytes()};
      if (!a.records().empty()) {
        append.batch = ParseBatch(std::move(*a.mutable_records()));
        if (append.batch == nullptr) return std::nullopt;
      }
      return append;
    }
    case proto::FromPrimary::kRefusal:
      return RefusalFromWire(wire.refusal());
    case proto::FromPrimary::MESSAGE_NOT_SET:
      break;
  }
  return std::nullopt;
}

bool MergeFromPrimary(proto::FromPrimary& last, proto::FromPrimary& next) {
  if (!last.has_append() || !next.has_append()) return false;
  proto::Append& a = *last.mutable_append();
  const proto::Append& b = next.append();
  if (a.epoch() != b.epoch() || a.records().size() + b.records().size() > kJoinedBytesMax)
    return false;
  a.mutable_records()->append(b.records());
  a.set_commit(b.commit());
  a.set_time_ns(b.time_ns());
  a.set_in_sync(b.in_sync());
  a.set_log_bytes(b.log_bytes());
  return true;
}

bool MergeFromReplica(proto::FromReplica& last, proto::FromReplica& next) {
  if (!last.has_ack() || !next.has_ack()) return false;
  *last.mutable_ack() = next.ack();
  return true;
}

bool MergeResponses(proto::SessionResponse& last, proto::SessionResponse& next) {
  if (last.results_size() + next.results_size() > kJoinedOperationsMax) return false;
  for (proto::Result& result : *next.mutable_results()) *last.add_results() = std::move(result);
  return true;
}

bool MergeRequests(proto::SessionRequest& last, proto::SessionRequest& next) {
  if (last.operations_size() + next.operations_size() > kJoinedOperationsMax) return false;
  for (proto::Operation& operation : *next.mutable_operations()) {
    *last.add_operations() = std::move(operation);
  }
  return true;
}

void ToWire(const PublishedSet& set, proto::InSyncSet* wire) {
  if (set.empty()) return;
  wire->set_epoch(set.epoch.value());
  wire->set_version(set.version);
  for (const NodeId& member : set.members) wire->add_members(member.name());
  wire->set_quorum(set.quorum);
}

absl::StatusOr<PublishedSet> FromWire(const proto::InSyncSet& wire) {
  REPL_ASSIGN_OR_RETURN(const Epoch epoch, ToEpoch(wire.epoch()));
  PublishedSet set;
  if (wire.members().empty()) return set;
  set.epoch = epoch;
  set.version = wire.version();
  set.quorum = wire.quorum();
  for (const std::string& member : wire.members()) {
    // The set is kept in a line of text.
    if (member.empty() || member.find_first_of(" \n") != std::string::npos) {
      return absl::InvalidArgumentError("a member of the in-sync set has no valid name");
    }
    if (set.Contains(NodeId(member))) {
      return absl::InvalidArgumentError("a member of the in-sync set is named twice");
    }
    set.members.emplace_back(member);
  }
  return set;
}

void ToWire(const LogSize& size, proto::LogSize* wire) {
  wire->set_epoch(size.epoch.value());
  wire->set_bytes(size.bytes);
}

absl::StatusOr<LogSize> FromWire(const proto::LogSize& wire) {
  REPL_ASSIGN_OR_RETURN(const Epoch epoch, ToEpoch(wire.epoch()));
  return LogSize{epoch, wire.bytes()};
}

void ToWire(Position position, proto::Position* wire) {
  wire->set_epoch(position.epoch.value());
  wire->set_lsn(position.lsn.value());
}

absl::StatusOr<Position> FromWire(const proto::Position& wire) {
  REPL_ASSIGN_OR_RETURN(const Epoch epoch, ToEpoch(wire.epoch()));
  return Position{epoch, Lsn(wire.lsn())};
}

}  // namespace replsim
