// The messages between a replica and its primary (hello, welcome, truncation, records), and the
// change of the primary that a replica follows.
#include <algorithm>

#include "common/base/mutant.h"
#include "replica/core/replica_core.h"

namespace replsim {

bool ReplicaCore::IsStale(Epoch epoch) const {
  return epoch < epoch_ && !Mutated(Mutant::kAcceptStaleEpoch);
}

// Also gives up a promotion in progress.
void ReplicaCore::Disconnect(Instant retry_at) {
  if (failed()) return;
  state_ = Following{};
  link_.Disconnect(retry_at);
}

void ReplicaCore::On(const StreamOpened& opened) {
  if (opened.stream != link_.stream()) {
    return Emit(CloseStream{opened.stream});  // another node dialled, but this is not a primary
  }
  Emit(Send{opened.stream, Hello{id_, epoch_, history_, log_.last(), unclean_}});
}

void ReplicaCore::On(const StreamClosed& closed) {
  if (closed.stream == link_.stream()) link_.Redial(now_);
}

void ReplicaCore::On(MessageReceived& received) {
  if (received.stream != link_.stream() || received.stream == StreamId(0)) return;
  if (auto* welcome = std::get_if<Welcome>(&received.message)) {
    HandleWelcome(received.stream, std::move(*welcome));
  } else if (const auto* append = std::get_if<Append>(&received.message)) {
    if (!IsStale(append->epoch)) {
      heard_ = append->time;
      election_.HandleLogSize({append->epoch, append->log_bytes});
      election_.HeardPrimary(link_.primary(), now_);
    }
    if (link_.streaming()) HandleAppend(received.stream, *append);
  } else {
    link_.HangUp(now_, &effects_);
  }
}

void ReplicaCore::HandleWelcome(StreamId stream, Welcome welcome) {
  if (IsStale(welcome.epoch)) {
    Emit(Send{stream, Refusal{epoch_}});
    return link_.HangUp(now_, &effects_);
  }
  if (welcome.resume_after > log_.last() || !link_.dialing()) {
    return link_.HangUp(now_, &effects_);
  }
  if (welcome.resume_after == log_.last()) return BeginStreaming(stream, welcome);
  // This log begins after the last common record, so only a snapshot could replace it.
  if (welcome.resume_after + 1 < first_) return link_.HangUp(now_, &effects_);
  Emit(TruncateLog{welcome.resume_after});
  applier_.Pause();
  link_.BeginTruncating(std::move(welcome));
}

void ReplicaCore::On(const LogTruncated& truncated) {
  log_.HandleTruncated(truncated.last);
  log_bytes_ = truncated.bytes;
  applier_.HandleTruncated(truncated.last);
  history_.TruncateTo(truncated.last);
  truncated_entries_ += truncated.records_cut;
  ++truncations_;
  EmitTrace(TraceKind::kTruncated, truncated.last);
  const std::optional<PrimaryLink::Truncating> done = link_.EndTruncating(now_);
  if (!done || done->stream == StreamId(0)) return;
  if (log_.last() < done->welcome.resume_after) {
    // The log ends before the requested position, because received records had no space on the
    // disk. A new handshake begins the stream further back.
    return Emit(CloseStream{done->stream});
  }
  BeginStreaming(done->stream, done->welcome);
}

void ReplicaCore::BeginStreaming(StreamId stream, const Welcome& welcome) {
  if (welcome.epoch > epoch_) voted_for_ = VoteFor(link_.primary());
  epoch_ = welcome.epoch;
  if (!Mutated(Mutant::kForgetHistory)) history_ = welcome.history;
  // A commit position of an earlier primary beyond the end of this log refers to records that this
  // log will not contain.
  commit_ = std::max(commit_, welcome.commit);
  if (!Mutated(Mutant::kCommitBeyondTruncation)) commit_ = std::min(commit_, log_.last());
  Emit(SaveEpoch{epoch_, history_, voted_for_});
  election_.HeardPrimary(link_.primary(), now_);
  reads_.Advance(applier_.applied(), history_, &effects_);
  link_.BeginStreaming(stream, now_);
  acks_.Begin(welcome.prompt_stages, now_);
  EmitTrace(TraceKind::kConnected, log_.last());
}

void ReplicaCore::HandleAppend(StreamId stream, const Append& append) {
  if (IsStale(append.epoch)) {
    Emit(Send{stream, Refusal{epoch_}});
    return link_.HangUp(now_, &effects_);
  }
  const BatchPtr& batch = append.batch;
  if (append.epoch != epoch_ || (batch != nullptr && batch->first != log_.last() + 1)) {
    return link_.HangUp(now_, &effects_);
  }
  link_.Heard(now_);
  commit_ = std::max(commit_, append.commit);
  if (append.in_sync && unclean_) {
    unclean_ = false;
    EmitTrace(TraceKind::kEligible, log_.last());
  }
  if (batch == nullptr) return acks_.Owe();
  log_.Append(batch, &effects_);
  log_bytes_ += batch->bytes.size();
  EmitTrace(TraceKind::kAppend, log_.last());
}

void ReplicaCore::Follow(const NodeId& primary, Epoch epoch) {
  if (IsStale(epoch) || (epoch == epoch_ && primary == link_.primary())) return;
  // Ignores a primary of a lower epoch than the one that this node is about to lead.
  if (const auto* p = std::get_if<Promoting>(&state_); p != nullptr && epoch < p->next) return;
  link_.SetPrimary(primary);
  if (epoch > epoch_) {
    epoch_ = epoch;
    voted_for_ = VoteFor(primary);
    if (!Mutated(Mutant::kFollowWithoutSaving)) Emit(SaveEpoch{epoch_, history_, voted_for_});
    Emit(Trace{TraceKind::kFollows, primary, epoch_, log_.last()});
  }
  election_.Restart(now_);
  // The refusal fences the old primary.
  if (const StreamId open = link_.stream(); open != StreamId(0)) {
    Emit(Send{open, Refusal{epoch_}});
    Emit(CloseStream{open});
  }
  Disconnect(now_);
}

}  // namespace replsim
