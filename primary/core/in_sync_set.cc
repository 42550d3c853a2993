#include "primary/core/in_sync_set.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "common/base/mutant.h"

namespace replsim {

InSyncSet::InSyncSet(const InSyncKnobs& knobs, NodeId primary, Epoch epoch,
                     const PublishedSet& told, const std::vector<NodeId>& candidates, size_t enough,
                     Instant now)
    : knobs_(knobs), primary_(std::move(primary)), epoch_(epoch), enough_(enough) {
  for (const NodeId& id : candidates) lags_[id].behind_since = now;
  std::set<NodeId> replicas;
  for (const NodeId& id : told.members) {
    if (id != primary_ && lags_.contains(id)) replicas.insert(id);
  }
  // The primary before this one is gone. It stays if too few others are left, because then nothing
  // can be acknowledged without it.
  std::set<NodeId> without = replicas;
  if (!told.empty()) without.erase(told.members.front());
  if (BeginsAlone(told)) {
    without.clear();
    replicas.clear();
  }
  Publish(without.size() >= knobs_.min ? std::move(without) : std::move(replicas));
  FindWhomToWaitFor();
}

// The members of the set before may lack acknowledged writes: any K of them had each, or this node
// was elected although it is no member.
bool InSyncSet::BeginsAlone(const PublishedSet& told) const {
  if (!told.empty() && !told.Contains(primary_)) return true;
  return knobs_.acks > 0 && !Mutated(Mutant::kBeginWithQuorumOfOthers);
}

// --- changes ---

void InSyncSet::Observe(const Replica& replica, Lsn last, Instant now) {
  Lag& lag = lags_.at(replica.id);
  if (replica.connected && replica.position >= last) {
    lag.behind_since.reset();
    lag.sample.reset();
    lag.reached = now;
    return;
  }
  if (!lag.behind_since) lag.behind_since = now;
  if (!replica.connected) {
    lag.sample.reset();
  } else if (!lag.sample) {
    lag.sample = {now, last};
  } else if (replica.position >= lag.sample->last) {
    lag.behind_since = std::max(*lag.behind_since, lag.sample->at);
    lag.reached = lag.sample->at;
    lag.sample = {now, last};
  }
}

bool InSyncSet::IsOverdue(const NodeId& id, Instant now) const {
  const std::optional<Instant>& since = lags_.at(id).behind_since;
  return since && *since + knobs_.leave_after <= now;
}

// Writes wait for a replica that joins about as long as it lags.
bool InSyncSet::IsNear(const NodeId& id, Instant now) const {
  const std::optional<Instant>& reached = lags_.at(id).reached;
  return reached && now <= *reached + knobs_.leave_after / 10;
}

// The published replicas without those that are to leave.
std::set<NodeId> InSyncSet::Remaining(Instant now) const {
  std::set<NodeId> remaining;
  for (const NodeId& id : newest_) {
    const bool is_full = knobs_.size > 0 && remaining.size() >= knobs_.size;
    if (!is_full && !IsOverdue(id, now) && !IsUnclean(id)) remaining.insert(id);
  }
  return remaining;
}

void InSyncSet::Update(const std::vector<Replica>& replicas, Lsn committed, Lsn last, Instant now) {
  updated_ = now;
  for (const Replica& replica : replicas) {
    if (lags_.contains(replica.id)) Observe(replica, last, now);
  }
  std::set<NodeId> next = Remaining(now);
  const std::set<NodeId> joined = std::exchange(joining_, {});
  for (const Replica& replica : replicas) {
    const NodeId& id = replica.id;
    if (knobs_.size > 0 && next.size() + joining_.size() >= knobs_.size) break;
    if (!replica.connected || newest_.contains(id) || !lags_.contains(id)) continue;
    if (IsOverdue(id, now)) continue;
    const bool has_all = replica.position >= committed || Mutated(Mutant::kPublishBeforeGrowing);
    const bool is_near = has_all || joined.contains(id) || IsNear(id, now);
    if (is_stored_ && (has_all || (knobs_.acks > 0 && is_near))) {
      lags_.at(id).unclean = false;
      next.insert(id);
    } else if (is_near) {
      joining_.insert(id);
    }
  }
  // Without those that are overdue the gates would be closed, so nothing is gained if they leave.
  // They have everything that was acknowledged and may still be elected, unless they are unclean.
  if (next.size() < knobs_.min) {
    std::copy_if(newest_.begin(), newest_.end(), std::inserter(next, next.end()),
                 [this](const NodeId& id) { return !IsUnclean(id); });
  }
  if (is_stored_ && next != newest_) {
    PublishIfCovered(std::move(next), replicas, committed, last);
  }
  FindWhomToWaitFor();
}

// Where a write does not need all replicas, those that are left may lack what another one has.
// Until enough of them have it, the set stays as it is, and the gates wait for those that join.
void InSyncSet::PublishIfCovered(std::set<NodeId> next, const std::vector<Replica>& replicas,
                                 Lsn committed, Lsn last) {
  const auto position = [&](const NodeId& id) {
    const auto is_it = [&id](const Replica& replica) { return replica.id == id; };
    const auto found = std::find_if(replicas.begin(), replicas.end(), is_it);
    return found == replicas.end() ? Lsn(0) : found->position;
  };
  const bool covered = AckedBy(next, last, position) >= committed;
  if (knobs_.acks == 0 || covered || Mutated(Mutant::kPublishUncovered)) {
    return Publish(std::move(next));
  }
  std::set_difference(next.begin(), next.end(), newest_.begin(), newest_.end(),
                      std::inserter(joining_, joining_.end()));
}

void InSyncSet::HandleUnclean(const NodeId& replica) {
  if (Mutated(Mutant::kUncleanStaysInSet)) return;
  if (const auto lag = lags_.find(replica); lag != lags_.end()) lag->second.unclean = true;
}

void InSyncSet::Publish(std::set<NodeId> replicas) {
  newest_ = std::move(replicas);
  published_.epoch = epoch_;
  ++published_.version;
  published_.members = {primary_};
  published_.members.insert(published_.members.end(), newest_.begin(), newest_.end());
  published_.quorum = static_cast<uint32_t>(newest_.size() - AcksOf(newest_));
  is_stored_ = false;
}

void InSyncSet::FindWhomToWaitFor() {
  waits_for_ = newest_;
  if (!Mutated(Mutant::kShrinkBeforePublish)) waits_for_.insert(stored_.begin(), stored_.end());
  waits_for_.insert(joining_.begin(), joining_.end());
}

void InSyncSet::HandleStored(const NodeId& witness, uint64_t version, Effects* out) {
  uint64_t& known = versions_[witness];
  known = std::max(known, version);
  const auto stored = std::count_if(versions_.begin(), versions_.end(), [this](const auto& one) {
    return one.second >= published_.version;
  });
  if (is_stored_ || static_cast<size_t>(stored) < enough_) return;
  is_stored_ = has_stored_ = true;
  for (const NodeId& id : newest_) {
    if (!stored_.contains(id)) out->push_back(Trace{TraceKind::kJoinsSet, id, epoch_, Lsn(0)});
  }
  for (const NodeId& id : stored_) {
    if (!newest_.contains(id)) out->push_back(Trace{TraceKind::kLeavesSet, id, epoch_, Lsn(0)});
  }
  stored_ = newest_;
  FindWhomToWaitFor();
}

// --- what it says ---

bool InSyncSet::IsStoredMember(const NodeId& replica) const {
  return stored_.contains(replica) && newest_.contains(replica) && !IsUnclean(replica);
}

size_t InSyncSet::AcksOf(const std::set<NodeId>& replicas) const {
  return knobs_.acks == 0 ? replicas.size() : std::min<size_t>(knobs_.acks, replicas.size());
}

// The position that as many of these replicas have reached as must have a write.
Lsn InSyncSet::AckedBy(const std::set<NodeId>& replicas, Lsn last, PositionOf position) const {
  const size_t acks = AcksOf(replicas);
  if (acks == 0) return last;
  absl::InlinedVector<Lsn, 8> reached;
  for (const NodeId& id : replicas) reached.push_back(std::min(last, position(id)));
  const auto nth = reached.begin() + static_cast<int64_t>(acks - 1);
  std::nth_element(reached.begin(), nth, reached.end(), std::greater<>());
  return *nth;
}

Lsn InSyncSet::Reached(Lsn last, PositionOf position) const {
  if (is_closed()) return Lsn(0);
  if (knobs_.acks == 0) return AckedBy(waits_for_, last, position);
  const Lsn reached = std::min(AckedBy(newest_, last, position), AckedBy(stored_, last, position));
  if (joining_.empty()) return reached;
  std::set<NodeId> grown = newest_;
  grown.insert(joining_.begin(), joining_.end());
  return std::min(reached, AckedBy(grown, last, position));
}

bool InSyncSet::is_closed() const { return !has_stored_ || waits_for_.size() < knobs_.min; }

Instant InSyncSet::NextTimer() const {
  Instant next = kNever;
  for (const NodeId& id : waits_for_) {
    if (IsOverdue(id, updated_)) continue;  // until that is stored, or another can take its place
    const std::optional<Instant>& since = lags_.at(id).behind_since;
    if (since) next = std::min(next, *since + knobs_.leave_after);
  }
  return next;
}

}  // namespace replsim
