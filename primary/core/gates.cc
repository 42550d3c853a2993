#include "primary/core/gates.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/base/check.h"
#include "common/base/mutant.h"
#include "primary/core/sync_set_position.h"

namespace replsim {

Gates::Gates(const ReplicationKnobs& knobs, Sync sync, Epoch epoch, Lsn inherited,
             const LogPositions& log, const Feed& feed, const InSyncSet* in_sync)
    : knobs_(knobs),
      flushes_before_answering_(FlushesBeforeAnswering(sync)),
      epoch_(epoch),
      log_(log),
      feed_(feed),
      in_sync_(in_sync),
      commit_(inherited),
      visible_(inherited),
      protected_(inherited),
      taken_over_(log.last),
      timed_out_(log.last),
      protection_(knobs.timeout) {
  if (Mutated(Mutant::kDoneWhenTakenOver)) done_ = done_protected_ = log.last;
}

bool Gates::WaitsForReplicas() const {
  return IsReplicaStage(knobs_.ack_after) || IsReplicaStage(knobs_.visible_after);
}

bool Gates::HasTimeout() const {
  return WaitsForReplicas() && knobs_.on_timeout != OnTimeout::kBlock;
}

bool Gates::degraded() const {
  return knobs_.on_timeout == OnTimeout::kDegrade && !protection_.holds();
}

bool Gates::IsProtected(Lsn lsn) const {
  return lsn <= done_protected_ || Mutated(Mutant::kStayProtectedWhileDegraded);
}

// --- positions ---

Lsn Gates::passed() const { return std::min(commit_, visible_); }

Lsn Gates::next_to_time_out() const { return std::max(passed(), timed_out_) + 1; }

Lsn Gates::Loggable() const {
  if (knobs_.order != Order::kReplicasFirst || degraded() || Mutated(Mutant::kLogBeforeReplicas)) {
    return log_.last;
  }
  return std::clamp(SetAt(knobs_.ack_after), log_.append, log_.last);
}

// With replicas-first, all writes with an LSN may be sent.
Lsn Gates::Sendable() const {
  if (knobs_.order == Order::kReplicasFirst) return log_.last;
  switch (knobs_.send_after) {
    case Stage::kAppend:
      return log_.append;
    case Stage::kFlush:
      return Mutated(Mutant::kSendBeforeFlush) ? log_.append : log_.flush;
    default:
      return log_.write;
  }
}

// The lower position of the two gates' stages: a replica may apply a write before it flushes it.
Lsn Gates::SetReached() const {
  Lsn reached = log_.last;
  for (const Stage stage : {knobs_.ack_after, knobs_.visible_after}) {
    if (IsReplicaStage(stage)) reached = std::min(reached, SetAt(stage));
  }
  return reached;
}

Lsn Gates::LocalPosition() const { return flushes_before_answering_ ? log_.flush : log_.write; }

Lsn Gates::FollowerReached(const FollowerProgress& follower) const {
  Lsn reached = log_.last;
  for (const Stage stage : {knobs_.ack_after, knobs_.visible_after}) {
    if (IsReplicaStage(stage)) reached = std::min(reached, follower.At(stage));
  }
  return reached;
}

Lsn Gates::InSyncAt(Stage stage) const {
  return in_sync_->Reached(log_.last,
                           [&](const NodeId& id) { return feed_.followers().at(id).At(stage); });
}

Lsn Gates::SetAt(Stage stage) const {
  if (in_sync_ != nullptr) return InSyncAt(stage);
  std::vector<MemberPosition> members;
  members.reserve(feed_.followers().size());
  for (const auto& [id, progress] : feed_.followers()) {
    if (!progress.counts()) continue;
    const bool connected = progress.connected();
    const bool has_all = Mutated(Mutant::kDisconnectedHasAll) && !connected;
    members.push_back({id.name(), connected, has_all ? log_.last : progress.At(stage)});
  }
  return SetPosition(knobs_.sync_set, std::move(members), feed_.followers().size() + 1);
}

Lsn Gates::GateAt(Stage stage, bool with_replicas) const {
  switch (stage) {
    case Stage::kAppend:
      return log_.append;
    case Stage::kWrite:
      return log_.write;
    case Stage::kFlush:
      return Mutated(Mutant::kAckBeforeFlush) ? log_.append : log_.flush;
    default:
      break;
  }
  if (!with_replicas) return LocalPosition();
  if (Mutated(Mutant::kGateIgnoresOwnLog)) return SetAt(stage);
  const Lsn passed = std::min(LocalPosition(), SetAt(stage));
  return Mutated(Mutant::kGateOneTooFar) ? std::min(passed + 1, log_.last) : passed;
}

// --- advancing ---

void Gates::Advance(Instant now, Effects* out) {
  const bool keeps_degraded = Mutated(Mutant::kDegradeForever) && !protection_.holds();
  if (HasTimeout() && !keeps_degraded) {
    if (protection_.Observe(now, log_.last, SetReached())) {
      refuses_ = false;
      out->push_back(Trace{TraceKind::kProtected, NodeId(), epoch_, log_.last});
    }
  }
  const Lsn reached = std::min(GateAt(knobs_.ack_after, true), log_.last);
  protected_ = std::max(protected_, Committed(reached));
  done_protected_ = std::max(done_protected_, Committed(reached));
  const Lsn passed = Committed(GateAt(knobs_.ack_after, !degraded()));
  done_ = std::max({done_, passed, done_protected_});
  const Lsn commit = std::max(passed, protected_);
  if (commit > commit_) {
    out->push_back(PassedGate{epoch_, std::max(commit_, taken_over_) + 1, commit});
    commit_ = commit;
  }
  const bool waits = !degraded() && !Mutated(Mutant::kVisibleBeforeGate);
  visible_ = std::max(visible_, Committed(GateAt(knobs_.visible_after, waits)));
}

// If the sync set has the write, the primary's own log is late, and degrading would not help.
void Gates::TimeOut(Lsn waiting, Effects* out) {
  if (knobs_.on_timeout == OnTimeout::kUnknown || !protection_.holds()) return;
  if (SetReached() >= waiting) return;
  protection_.FallBehind();
  out->push_back(Trace{TraceKind::kDegraded, NodeId(), epoch_, passed()});
}

void Gates::RefuseWhileUnprotected() {
  refuses_ = knobs_.on_timeout == OnTimeout::kReject && !protection_.holds();
}

void Gates::Check() const {
  REPL_CHECK(commit_ <= log_.last && visible_ <= log_.last);
  REPL_CHECK(protected_ <= commit_, "protected ", protected_.value(), " commit ", commit_.value());
}

}  // namespace replsim
