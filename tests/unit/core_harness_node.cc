// The harness's side of a node: its log, store and streams, and the checks of what the core does.
#include <algorithm>

#include "common/base/check.h"
#include "tests/unit/core_harness.h"

namespace replsim {

// --- own storage ---

Instant CoreHarness::LogTakes(Node& node, Nanos time) {
  return node.log_busy_until = std::max(node.log_busy_until, now_) + time;
}

Instant CoreHarness::StoreTakes(Node& node, Nanos time) {
  return node.store_busy_until = std::max(node.store_busy_until, now_) + time;
}

void CoreHarness::StartOp(Node& node, Instant done, std::function<void()> run) {
  node.ops.emplace(std::pair(done, sequence_++), std::move(run));
  At(done, [this, &node, life = node.life] {
    if (node.life == life) RunOps(node, now_);
  });
}

void CoreHarness::RunOps(Node& node, Instant until) {
  while (!node.ops.empty() && node.ops.begin()->first.first <= until) {
    const auto run = std::move(node.ops.begin()->second);
    node.ops.erase(node.ops.begin());
    run();
  }
}

void CoreHarness::On(Node& node, AppendLog& e) {
  REPL_CHECK(e.batch->first == node.handed + 1, node.id, " appends ", e.batch->first.value(),
             " after ", node.handed.value());
  node.handed = e.batch->last;
  RecordView record;
  for (absl::string_view rest = e.batch->bytes; ParseRecord(rest, &record) == ParseOutcome::kRecord;
       rest.remove_prefix(record.encoded_bytes)) {
    Reached(node, node.leads ? Stage::kAppend : Stage::kReplicaReceive, record.position);
  }
  StartOp(node, LogTakes(node, options_.write_delay), [this, &node, batch = e.batch] {
    WriteRecords(node, *batch);
    Post(node, LogWritten{batch->last});
  });
  if (e.flush != FlushMode::kNone) On(node, FlushLog{});
}

void CoreHarness::On(Node& node, const FlushLog&) {
  StartOp(node, LogTakes(node, options_.flush_delay), [this, &node] {
    FlushTo(node, Lsn(node.log.size()));
    Post(node, LogFlushed{Lsn(node.log.size())});
  });
}

void CoreHarness::On(Node& node, const TruncateLog& e) {
  node.log_busy_until = std::max(node.log_busy_until, node.store_busy_until);
  StartOp(node, LogTakes(node, options_.truncate_delay), [this, &node, last = e.last] {
    const uint64_t cut = node.log.size() - last.value();
    node.rolled_back += cut;
    CutLog(node, last);
    node.flushed = last;
    Post(node, LogTruncated{last, cut});
  });
}

void CoreHarness::On(Node& node, const ReadRecords& e) {
  REPL_CHECK(Lsn(1) <= e.from && e.from.value() <= node.log.size(), node.id, " reads ",
             e.from.value(), " of ", node.log.size());
  std::string bytes;
  for (size_t i = e.from.value() - 1; i < node.log.size(); ++i) {
    if (!bytes.empty() && bytes.size() + node.log[i].size() > e.bytes_max) break;
    bytes += node.log[i];
  }
  StartOp(node, LogTakes(node, options_.write_delay),
          [this, &node, stream = e.stream, batch = ParseBatch(bytes)] {
            Post(node, RecordsRead{stream, batch});
          });
}

void CoreHarness::On(Node& node, const SaveEpoch& e) {
  REPL_CHECK(node.epoch <= e.epoch, node.id, ": the saved epoch goes back");
  node.epoch = e.epoch;
  node.history = e.history;
}

void CoreHarness::On(Node& node, ApplyRecords& e) {
  REPL_CHECK(e.batch == nullptr || (e.batch->first <= e.first && e.last <= e.batch->last));
  const BatchPtr batch = e.batch;
  StartOp(node, StoreTakes(node, options_.apply_delay), [this, &node, batch, last = e.last] {
    if (batch == nullptr) {
      ApplyTo(node, last);
    } else {
      RecordView record;
      for (absl::string_view rest = batch->bytes;
           ParseRecord(rest, &record) == ParseOutcome::kRecord && record.position.lsn <= last;
           rest.remove_prefix(record.encoded_bytes)) {
        if (record.position.lsn <= node.store.applied()) continue;
        node.store.Apply(record);
        Reached(node, Stage::kReplicaApply, record.position);
      }
    }
    Post(node, Applied{last});
  });
}

void CoreHarness::WriteRecords(Node& node, const RecordBatch& batch) {
  absl::string_view rest = batch.bytes;
  RecordView record;
  while (ParseRecord(rest, &record) == ParseOutcome::kRecord) {
    const Position end = node.positions.empty() ? Position{} : node.positions.back();
    REPL_CHECK(record.position.lsn == end.lsn + 1 && record.position.epoch >= end.epoch, node.id,
               " writes ", ToString(record.position), " after ", ToString(end));
    const std::string bytes(rest.substr(0, record.encoded_bytes));
    const auto [it, is_new] = bytes_at_.emplace(record.position, bytes);
    REPL_CHECK(it->second == bytes, node.id, " holds other bytes at ", ToString(record.position));
    node.log.push_back(bytes);
    node.positions.push_back(record.position);
    Reached(node, node.leads ? Stage::kWrite : Stage::kReplicaWrite, record.position);
    rest.remove_prefix(record.encoded_bytes);
  }
}

void CoreHarness::FlushTo(Node& node, Lsn last) {
  for (Lsn lsn = node.flushed + 1; lsn <= last; ++lsn) {
    Reached(node, node.leads ? Stage::kFlush : Stage::kReplicaFlush,
            node.positions[lsn.value() - 1]);
  }
  node.flushed = last;
}

void CoreHarness::CutLog(Node& node, Lsn last) {
  node.log.resize(last.value());
  node.positions.resize(last.value());
  node.flushed = std::min(node.flushed, last);
  node.handed = last;
  if (node.store.applied() <= last) return;
  node.store.Clear();
  ApplyTo(node, last);
}

void CoreHarness::ApplyTo(Node& node, Lsn last) {
  REPL_CHECK(last.value() <= node.log.size(), node.id, " applies ", last.value(), " of ",
             node.log.size());
  while (node.store.applied() < last) {
    RecordView record;
    REPL_CHECK(ParseRecord(node.log[node.store.applied().value()], &record) ==
               ParseOutcome::kRecord);
    node.store.Apply(record);
    Reached(node, Stage::kReplicaApply, record.position);
  }
}

void CoreHarness::Reached(Node& node, Stage stage, Position position) {
  node.reached[stage].insert(position);
  if (stage == Stage::kReplicaApply) {
    const auto [it, is_new] = digest_at_.emplace(position, node.store.digest());
    REPL_CHECK(it->second == node.store.digest(), node.id, " shows other contents at ",
               ToString(position));
  }
}

// --- peers ---

std::pair<CoreHarness::Connection*, CoreHarness::End*> CoreHarness::EndOf(const Node& node,
                                                                          StreamId stream) {
  for (auto& connection : connections_) {
    for (End* end : {&connection->dialler, &connection->listener}) {
      if (end->node == node.id && end->life == node.life && end->stream == stream) {
        return {connection.get(), end};
      }
    }
  }
  return {nullptr, nullptr};
}

std::string CoreHarness::PeerOf(const std::string& id, StreamId stream) {
  const auto [connection, mine] = EndOf(Find(id), stream);
  if (connection == nullptr) return "?";
  return mine == &connection->dialler ? connection->listener.node : connection->dialler.node;
}

void CoreHarness::CloseEnd(Connection&, End& mine, End& theirs) {
  mine.open = false;
  Transmit(mine.node, theirs.node, [this, &theirs] {
    Node& peer = Find(theirs.node);
    if (!std::exchange(theirs.open, false) || peer.life != theirs.life) return;
    Post(peer, StreamClosed{theirs.stream});
  });
}

void CoreHarness::On(Node& node, const Dial& e) {
  connections_.push_back(std::make_unique<Connection>());
  Connection& connection = *connections_.back();
  connection.dialler = {node.id, node.life, e.stream, true};
  connection.listener.node = e.primary.name();
  Transmit(node.id, e.primary.name(), [this, &connection] {
    Node& to = Find(connection.listener.node);
    if (to.core == nullptr || !to.leads) {
      connection.listener.life = 0;
      return CloseEnd(connection, connection.listener, connection.dialler);
    }
    connection.listener.life = to.life;
    connection.listener.stream = StreamId(next_inbound_++);
    connection.listener.open = true;
    Post(to, StreamOpened{connection.listener.stream});
    Transmit(to.id, connection.dialler.node, [this, &connection] {
      Node& back = Find(connection.dialler.node);
      if (connection.dialler.open && back.life == connection.dialler.life) {
        Post(back, StreamOpened{connection.dialler.stream});
      }
    });
  });
}

void CoreHarness::On(Node& node, const Send& e) {
  const auto [connection, mine] = EndOf(node, e.stream);
  if (connection == nullptr || !mine->open) return;
  End& theirs = mine == &connection->dialler ? connection->listener : connection->dialler;
  Transmit(node.id, theirs.node, [this, &theirs, message = e.message] {
    Node& to = Find(theirs.node);
    if (theirs.open && to.life == theirs.life) Post(to, MessageReceived{theirs.stream, message});
  });
}

void CoreHarness::On(Node& node, const CloseStream& e) {
  const auto [connection, mine] = EndOf(node, e.stream);
  if (connection == nullptr || !mine->open) return;
  CloseEnd(*connection, *mine,
           mine == &connection->dialler ? connection->listener : connection->dialler);
}

void CoreHarness::On(Node& node, const AskPeer& e) {
  Transmit(node.id, e.peer.name(), [this, from = node.id, request = e.request, to = e.peer.name()] {
    Node& peer = Find(to);
    if (peer.core == nullptr) return;
    const AskId ask(++asks_);
    peer.asked_by[ask] = from;
    Post(peer, PeerAsked{NodeId(from), request, ask});
  });
}

void CoreHarness::On(Node& node, const AnswerPeer& e) {
  const auto asked = node.asked_by.extract(e.ask);
  REPL_CHECK(!asked.empty(), node.id, " answers a request that it does not have");
  Transmit(node.id, asked.mapped(), [this, from = node.id, to = asked.mapped(), e] {
    Post(Find(to), PeerAnswered{NodeId(from), e.answer});
  });
}

// --- clients, and the answers they may get ---

void CoreHarness::On(Node& node, const AnswerWrite& e) {
  REPL_CHECK(answers_.emplace(e.id, HarnessAnswer{e, now_, node.id}).second,
             "answered twice: ", e.id.value());
  if (e.outcome == WriteOutcome::kLost) {
    REPL_CHECK(!Holds(node.id, e.position), node.id, " says that ", ToString(e.position),
               " is lost; ", options_.label);
  }
  if (e.outcome != WriteOutcome::kCommitted) return;
  if (!e.request.empty()) {
    const RequestTable::Last* last = node.store.requests().Find(e.request.client);
    REPL_CHECK(last != nullptr && last->sequence == e.request.sequence, node.id,
               " answers before it has applied ", ToString(e.position), "; ", options_.label);
    const bool known = took_effect_.try_emplace(e.position, last->took_effect).first->second;
    REPL_CHECK(known == last->took_effect, node.id, " changes its answer about ",
               ToString(e.position), "; ", options_.label);
  }
  const Stage stage = options_.knobs.ack_after;
  if (e.is_protected) {
    REPL_CHECK(ReallyReached(node.id, stage, e.position), node.id, " acknowledged ",
               ToString(e.position), " before ", Name(stage), "; ", options_.label);
  } else {
    REPL_CHECK(options_.knobs.on_timeout == OnTimeout::kDegrade, "unprotected without degrade");
  }
}

void CoreHarness::On(Node&, const AnswerRead&) {}

bool CoreHarness::ReallyReached(const std::string& primary, Stage stage, Position position) const {
  // A node may have led when it got there, and follow now, or the other way round.
  const auto counterpart = [](Stage of) {
    switch (of) {
      case Stage::kAppend:
        return Stage::kReplicaReceive;
      case Stage::kWrite:
        return Stage::kReplicaWrite;
      case Stage::kFlush:
        return Stage::kReplicaFlush;
      case Stage::kReplicaReceive:
        return Stage::kAppend;
      case Stage::kReplicaWrite:
        return Stage::kWrite;
      case Stage::kReplicaFlush:
        return Stage::kFlush;
      default:
        return of;
    }
  };
  const auto reached = [&](const Node& node, Stage at) {
    for (const Stage either : {at, counterpart(at)}) {
      const auto it = node.reached.find(either);
      if (it != node.reached.end() && it->second.contains(position)) return true;
    }
    return false;
  };
  if (!IsReplicaStage(stage)) return reached(Find(primary), stage);
  const bool flushes = FlushesBeforeAnswering(options_.durability.sync);
  if (!reached(Find(primary), flushes ? Stage::kFlush : Stage::kWrite)) return false;
  size_t count = 0;
  for (const auto& [id, node] : nodes_) {
    if (id != primary && reached(node, stage)) ++count;
  }
  switch (options_.knobs.sync_set.kind) {
    case SyncSet::Kind::kAny:
    case SyncSet::Kind::kFirst:
      return count >= options_.knobs.sync_set.count;
    case SyncSet::Kind::kMajority:
      return count >= nodes_.size() / 2;
    case SyncSet::Kind::kAll:
      return count == nodes_.size() - 1 || (count > 0 && !Find(primary).counts_all);
    case SyncSet::Kind::kInSync:
      break;  // the harness has no witnesses
  }
  return false;
}

// Every entry that the primary's store shows has passed the visibility gate. Not checked for modes
// that may degrade.
void CoreHarness::CheckTurn(const Node& node) const {
  if (!node.leads || options_.knobs.on_timeout == OnTimeout::kDegrade) return;
  const Lsn applied = node.store.applied();
  if (applied == Lsn(0) || applied.value() > node.positions.size()) return;
  const Position shown = node.positions[applied.value() - 1];
  const auto epoch = node.core->Describe();
  if (epoch.fenced || shown.epoch != epoch.epoch) return;  // recovered: visible from the start
  REPL_CHECK(ReallyReached(node.id, options_.knobs.visible_after, shown), node.id, " shows ",
             ToString(shown), " before ", Name(options_.knobs.visible_after), "; ", options_.label);
}

}  // namespace replsim
