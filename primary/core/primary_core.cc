#include "primary/core/primary_core.h"

#include <algorithm>
#include <utility>

#include "common/base/check.h"
#include "common/base/mutant.h"

namespace replsim {
namespace {

// The position up to which inherited records count as committed when the epoch begins.
Lsn Inherited(const PrimaryOptions& options, const CoreStart& start) {
  return options.take_over == TakeOver::kOwnRecord ? std::min(start.committed, start.last)
                                                   : start.last;
}

// A replica that never leads is no member: the set consists of the nodes that may succeed this one.
std::optional<InSyncSet> MakeInSyncSet(const PrimaryOptions& options, const CoreStart& start,
                                       Epoch epoch, Instant now) {
  if (options.knobs.sync_set.kind != SyncSet::Kind::kInSync) return std::nullopt;
  std::vector<NodeId> candidates = options.replicas;
  std::erase_if(candidates, [&never = options.election.never_leads](const NodeId& id) {
    return std::find(never.begin(), never.end(), id) != never.end();
  });
  const size_t enough = NodesNeeded(options.election.granted_by, options.witnesses.size());
  return InSyncSet(options.knobs.in_sync, start.id, epoch, start.in_sync, candidates, enough, now);
}

FeedOptions ForFeed(const PrimaryOptions& options) {
  FeedOptions feed;
  feed.followers = options.replicas;
  feed.members = options.members;
  feed.heartbeat_interval = options.heartbeat_interval;
  feed.heartbeat_timeout = options.heartbeat_timeout;
  feed.announce_interval = options.announce_interval;
  feed.announce = options.announce;
  feed.commit_is_urgent = options.knobs.replica_apply == ReplicaApply::kOnCommit;
  feed.window = options.window;
  feed.read_bytes_max = options.read_bytes_max;
  return feed;
}

}  // namespace

PrimaryCore::PrimaryCore(PrimaryOptions options, const CoreStart& start, Epoch epoch, Instant now)
    : options_(std::move(options)),
      id_(start.id),
      epoch_(epoch),
      began_(now),
      lease_from_(start.elected_at == Instant() ? now : start.elected_at),
      next_stream_(start.next_stream),
      history_(start.history),
      now_(now),
      first_(start.first),
      log_{start.last, start.last, start.last, start.flushed, start.applied, start.applied},
      log_bytes_(start.log_bytes),
      recent_(options_.recent_bytes_max),
      queue_(options_.pending_records_max, options_.pending_bytes_max, start.last),
      requests_(start.requests),
      feed_(ForFeed(options_), epoch, recent_, now),
      witnesses_(options_.witnesses, options_.election.lease_renew > Nanos(0)
                                         ? options_.election.lease_renew
                                         : options_.heartbeat_interval),
      in_sync_(MakeInSyncSet(options_, start, epoch, now)),
      gates_(options_.knobs, options_.durability.sync, epoch, Inherited(options_, start), log_,
             feed_, in_sync_ ? &*in_sync_ : nullptr),
      waiters_(history_),
      flushes_(options_.durability, start.flushed),
      flush_asked_(start.flushed),
      disk_(start.flushed),
      takeover_(options_.election, start.id),
      write_times_(start.last, now),
      checked_{start.flushed, gates_.commit(), gates_.visible(), start.applied} {
  const bool elected = epoch == start.epoch && start.voted_for == id_;
  REPL_CHECK(epoch > start.epoch || elected, "epoch ", epoch.value(), " was seen before");
  history_.TruncateTo(log_.last);  // a replica may know epochs whose records it never received
  history_.Begin(epoch_, log_.last + 1);
  if (!Mutated(Mutant::kLeadWithoutSaving)) {
    Emit(SaveEpoch{epoch_, history_, options_.election.on() ? id_ : NodeId()});
  }
  EmitTrace(TraceKind::kLeads, log_.last);
  if (options_.take_over == TakeOver::kOwnRecord && log_.last > Lsn(0)) BeginWithOwnRecord();
}

void PrimaryCore::Step(Instant now, Event event) {
  now_ = now;
  LoseLeadIfDue();  // before the event, because a read is answered at once
  std::visit([this](auto& e) { On(e); }, event);
}

Effects PrimaryCore::TakeEffects() {
  if (leading()) {
    GiveUpLateSwitchover();
    HandOverToPreferred();
    feed_.DropSilent(now_, &effects_);  // first, because it may change the members of `first K`
    UpdateInSyncSet();
    if (Mutated(Mutant::kAnswerBeforeShown)) ApplyVisible();
    AdvanceWrites();
    if (!Mutated(Mutant::kAnswerBeforeShown)) ApplyVisible();
    HandOverIfSettled();
  }
  if (leading()) {
    feed_.SendAll(FeedLimits(), now_, &effects_);
    recent_.Trim(std::min({log_.write, log_.apply_asked, gates_.Sendable()}));
    FlushIfDue();
    disk_.Update(log_.append, log_.write, flush_asked_, log_.flush, now_);
    feed_.AnnounceIfDue(now_, &effects_);
    AnnounceToWitnesses();
  }
  if (sends_rest()) SendRest();
  return std::exchange(effects_, {});
}

Instant PrimaryCore::NextTimer() const {
  if (sends_rest()) {
    const Instant until = *std::get<Fenced>(state_).sends_until;
    return std::min({until, flushes_.next(), feed_.NextTimer()});
  }
  if (!leading()) return kNever;
  Instant next = std::min(
      {flushes_.next(), feed_.NextTimer(), witnesses_.NextTimer(), LosesLeadAt(), DiskFailsAt()});
  if (in_sync_) next = std::min(next, in_sync_->NextTimer());
  next = std::min(next, switchover_ ? switchover_->until : takeover_.NextTimer());
  if (gates_.HasTimeout() && !gates_.degraded()) {
    const Lsn waiting = gates_.next_to_time_out();
    // With degrade, a write times out only if the sync set lacks it.
    if (waiting <= log_.last &&
        (options_.knobs.on_timeout != OnTimeout::kDegrade || gates_.SetReached() < waiting)) {
      next = std::min(next, queue_.since(waiting) + options_.knobs.timeout);
    }
  }
  return next;
}

// --- peers ---

void PrimaryCore::On(const StreamClosed& closed) {
  feed_.HandleClosed(closed.stream, now_, &effects_);
}

void PrimaryCore::On(MessageReceived& received) {
  if (const auto* hello = std::get_if<Hello>(&received.message)) {
    HandleHello(received.stream, *hello);
  } else if (const auto* ack = std::get_if<Ack>(&received.message)) {
    HandleAck(received.stream, *ack);
  } else if (const auto* refusal = std::get_if<Refusal>(&received.message)) {
    if (refusal->epoch > epoch_ && !Mutated(Mutant::kIgnoreRefusal)) FenceBy(refusal->epoch);
  }
}

void PrimaryCore::HandleHello(StreamId stream, const Hello& hello) {
  if (hello.epoch > epoch_) FenceBy(hello.epoch);
  if (!leading() || !feed_.Knows(hello.id)) {
    Emit(CloseStream{stream});
    return;
  }
  const Lsn resume_after = CommonEnd(history_, log_.last, hello.history, hello.last);
  if (resume_after + 1 < first_) {
    Emit(Send{stream, Refusal{epoch_, first_}});
    Emit(CloseStream{stream});
    return;
  }
  if (hello.unclean && options_.election.unclean_restart == UncleanRestart::kNotEligible) {
    if (in_sync_) in_sync_->HandleUnclean(hello.id);
  }
  std::set<Stage> prompt;
  for (const Stage stage : {options_.knobs.ack_after, options_.knobs.visible_after}) {
    if (IsReplicaStage(stage)) prompt.insert(stage);
  }
  feed_.Connect(stream, hello,
                Welcome{epoch_, history_, resume_after, gates_.commit(), std::move(prompt)}, now_,
                &effects_);
}

void PrimaryCore::HandleAck(StreamId stream, const Ack& ack) {
  if (ack.epoch > epoch_) return FenceBy(ack.epoch);
  if (ack.epoch < epoch_) return;
  feed_.HandleAck(stream, ack, now_, &effects_);
}

// A primary grants no vote: its vote in this epoch is its own, and a fenced one becomes a replica.
void PrimaryCore::On(const PeerAsked& asked) {
  if (const auto* announced = std::get_if<Announcement>(&asked.request)) {
    if (announced->epoch > epoch_) FenceBy(announced->epoch, asked.from);
    return Emit(AnswerPeer{asked.ask, KnownEpoch{known_epoch(), announced->time}});
  }
  if (std::holds_alternative<TakeLead>(asked.request)) {  // meant for the replica that it was
    return Emit(AnswerPeer{asked.ask, KnownEpoch{known_epoch()}});
  }
  if (const auto* pick = std::get_if<PickRequest>(&asked.request)) {
    if (pick->lead && pick->epoch > epoch_) FenceBy(pick->epoch);  // meant for the replica it was
    const bool leads = pick->lead && leading() && pick->epoch == epoch_;
    return Emit(AnswerPeer{asked.ask, PickAnswer{*pick, leads, known_epoch(), Position()}});
  }
  const VoteRequest& request = std::get<VoteRequest>(asked.request);
  // While it holds a lease, too few nodes may vote for the candidate.
  const bool holds_lease = options_.election.lease > Nanos(0) && now_ < LeaseEndsAt();
  const bool deposes = !request.pre_vote && (!holds_lease || request.hand_over);
  if (deposes && request.epoch > epoch_) FenceBy(request.epoch);
  Emit(AnswerPeer{
      asked.ask,
      Vote{request, /*granted=*/false, known_epoch(), {}, leading(), LogSize{epoch_, log_bytes_}}});
}

// An answer does not end the announcements: the node may restart without knowledge of this epoch.
// Only a connection does.
void PrimaryCore::On(const PeerAnswered& answered) {
  const auto* known = std::get_if<KnownEpoch>(&answered.answer);
  if (known == nullptr) return;
  if (known->epoch > epoch_) return FenceBy(known->epoch);
  if (known->epoch < epoch_ || !leading()) return;
  witnesses_.HandleAnswer(answered.from, known->announced, now_);
  if (in_sync_ && witnesses_.heard().contains(answered.from)) {
    in_sync_->HandleStored(answered.from, known->in_sync, &effects_);
  }
}

void PrimaryCore::On(const FollowRequest& follow) {
  if (follow.epoch > epoch_) FenceBy(follow.epoch);
}

// --- own storage ---

void PrimaryCore::On(const LogWritten& written) {
  REPL_CHECK(written.last <= log_.append, "wrote ", written.last.value(), " of ",
             log_.append.value());
  log_.write = std::max(log_.write, written.last);
  EmitTrace(TraceKind::kWrite, log_.write);
}

void PrimaryCore::On(const LogFlushed& flushed) {
  REPL_CHECK(flushed.last <= log_.write, "flushed ", flushed.last.value(), " of ",
             log_.write.value());
  log_.flush = std::max(log_.flush, flushed.last);
  if (Mutated(Mutant::kFlushCoversLaterWrites)) log_.flush = log_.write;
  if (!Mutated(Mutant::kIntervalFlushesOnce)) flushes_.Flushed();
  EmitTrace(TraceKind::kFlush, log_.flush);
}

void PrimaryCore::On(const LogFailed& failed) {
  if (std::holds_alternative<Failed>(state_)) return;
  state_ = Failed{failed.why};
  StopLeading(Refused::kNodeStopped);
}

void PrimaryCore::On(const Applied& applied) {
  log_.apply = std::max(log_.apply, applied.last);
  EmitTrace(TraceKind::kApply, log_.apply);
  if (leading()) outcomes_.Advance(log_.apply, &effects_);
  reads_.Advance(log_.apply, history_, &effects_);
}

void PrimaryCore::On(const RecordsRead& read) {
  feed_.HandleRead(read, FeedLimits(), now_, &effects_);
}

}  // namespace replsim
