#include "simulator/oracle/gate_record.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "common/config/ack_stage.h"
#include "simulator/promise/node_durability.h"

namespace replsim {
GateRecord::GateRecord(const proto::Scenario& resolved, const Recording& recording, size_t node)
    : scenario_(resolved),
      spec_(resolved.replication()),
      node_(node),
      counts_(recording.nodes.size(), true),
      peers_(recording.nodes.size()),
      in_sync_(recording.nodes.size(), false) {
  const auto& ids = spec_.sync_set().ids();
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (i == node ||
        (!ids.empty() && std::find(ids.begin(), ids.end(), recording.nodes[i].id) == ids.end())) {
      counts_[i] = false;
    }
  }
  const proto::SyncPolicy sync =
      DurabilityAsPrimary(resolved.cluster(), recording.nodes[node].id).sync();
  waits_for_flush_ = sync == proto::EVERY_WRITE || sync == proto::EVERY_BATCH;
}

void GateRecord::Add(const TraceRecord& record) {
  const auto own = [&](proto::AckStage stage) { own_[stage] = std::max(own_[stage], record.lsn); };
  const auto peer = [&](proto::AckStage stage) {
    if (record.peer >= peers_.size()) return;
    uint64_t& position = peers_[record.peer][stage];
    position = std::max(position, record.lsn);
  };
  switch (static_cast<TraceKind>(record.kind)) {
    case TraceKind::kStarted:
    case TraceKind::kTruncated:
      own_.fill(record.lsn);
      leads_ = false;
      return;
    case TraceKind::kFenced:
    case TraceKind::kStepsDown:
      leads_ = false;
      return;
    case TraceKind::kLeads:
      first_reign_ = record.epoch == 1;
      return BeginToLead(record.lsn);
    case TraceKind::kAppend:
      return own(proto::APPEND);
    case TraceKind::kWrite:
      return own(proto::WRITE);
    case TraceKind::kFlush:
      return own(proto::FLUSH);
    case TraceKind::kPeerReceive:
      return peer(proto::REPLICA_RECEIVE);
    case TraceKind::kPeerWrite:
      return peer(proto::REPLICA_WRITE);
    case TraceKind::kPeerFlush:
      return peer(proto::REPLICA_FLUSH);
    case TraceKind::kPeerApply:
      return peer(proto::REPLICA_APPLY);
    case TraceKind::kJoinsSet:
    case TraceKind::kLeavesSet:
      if (record.peer >= in_sync_.size()) return;
      KeepOpen();
      in_sync_[record.peer] = static_cast<TraceKind>(record.kind) == TraceKind::kJoinsSet;
      return;
    case TraceKind::kDegraded:
      degraded_ = was_degraded_ = spec_.on_timeout() == proto::DEGRADE;
      return;
    case TraceKind::kProtected:
      KeepOpen();
      degraded_ = false;
      return;
    default:
      return;
  }
}

void GateRecord::BeginToLead(uint64_t lsn) {
  leads_ = true;
  degraded_ = was_degraded_ = false;
  inherited_ = lsn;
  open_.fill(0);
  for (Positions& positions : peers_) positions.fill(0);
  in_sync_.assign(in_sync_.size(), false);
}

void GateRecord::KeepOpen() {
  for (int stage = proto::APPEND; stage <= proto::REPLICA_APPLY; ++stage) {
    open_[static_cast<size_t>(stage)] = Open(static_cast<proto::AckStage>(stage));
  }
}

uint64_t GateRecord::Local() const { return own_[waits_for_flush_ ? proto::FLUSH : proto::WRITE]; }

size_t GateRecord::Needed() const {
  const size_t replicas = scenario_.cluster().replicas();
  switch (spec_.sync_set().kind()) {
    case proto::SyncSetSpec::MAJORITY:
      return (replicas + 1) / 2;
    case proto::SyncSetSpec::ALL:
      return first_reign_ ? replicas : 1;  // later: followers, not traced
    default:
      return spec_.sync_set().count();
  }
}

// The gate also waits for members that are not stored yet, which the trace does not name.
uint64_t GateRecord::InSyncSet(proto::AckStage stage) const {
  std::vector<uint64_t> positions;
  for (size_t i = 0; i < peers_.size(); ++i) {
    if (in_sync_[i]) positions.push_back(peers_[i][stage]);
  }
  const size_t acks = spec_.in_sync().has_acks() ? spec_.in_sync().acks() : positions.size();
  const size_t needed = std::min(acks, positions.size());
  if (needed == 0) return std::numeric_limits<uint64_t>::max();
  std::sort(positions.begin(), positions.end(), std::greater<>());
  return positions[needed - 1];
}

uint64_t GateRecord::Set(proto::AckStage stage) const {
  if (spec_.sync_set().kind() == proto::SyncSetSpec::IN_SYNC) return InSyncSet(stage);
  std::vector<uint64_t> positions;
  for (size_t i = 0; i < peers_.size(); ++i) {
    if (counts_[i]) positions.push_back(peers_[i][stage]);
  }
  const size_t needed = Needed();
  if (needed == 0 || positions.size() < needed) return 0;
  const auto last = positions.begin() + static_cast<std::ptrdiff_t>(needed - 1);
  std::nth_element(positions.begin(), last, positions.end(), std::greater<>());
  return *last;
}

uint64_t GateRecord::Now(proto::AckStage stage) const {
  if (!IsReplicaStage(stage)) return own_[stage];
  return degraded_ ? Local() : std::min(Local(), Set(stage));
}

uint64_t GateRecord::Open(proto::AckStage stage) const {
  return std::max(open_[stage], Now(stage));
}

}  // namespace replsim
