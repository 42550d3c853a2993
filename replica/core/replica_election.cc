// A replica's part in elections: it answers other candidates, and stands itself.
#include <algorithm>
#include <utility>

#include "common/base/mutant.h"
#include "replica/core/replica_core.h"

namespace replsim {

void ReplicaCore::On(const PeerAsked& asked) {
  if (const auto* announced = std::get_if<Announcement>(&asked.request)) {
    Follow(asked.from, announced->epoch);
    return Emit(AnswerPeer{asked.ask, KnownEpoch{epoch_, announced->time}});
  }
  if (const auto* take = std::get_if<TakeLead>(&asked.request)) {
    const bool follows = asked.from == link_.primary() && take->epoch == epoch_;
    if (follows) election_.StandNow(/*hand_over=*/true);
    return Emit(AnswerPeer{asked.ask, KnownEpoch{epoch_}});
  }
  if (const auto* pick = std::get_if<PickRequest>(&asked.request)) {
    election_.HandleLogSize(pick->primary_log);
    const bool granted = pick->lead ? AcceptsPick(asked.from, *pick) : CouldLead(pick->epoch);
    return Emit(AnswerPeer{asked.ask, PickAnswer{*pick, granted, epoch_, End()}});
  }
  const VoteRequest& request = std::get<VoteRequest>(asked.request);
  const bool granted = !failed() && Votes(asked.from, request);
  Emit(AnswerPeer{asked.ask, Vote{request,
                                  granted,
                                  epoch_,
                                  {},
                                  election_.HearsPrimary(now_),
                                  election_.primary_log(),
                                  !IsEligible()}});
}

bool ReplicaCore::Votes(const NodeId& candidate, const VoteRequest& request) {
  const Ballot ballot = election_.Decide(request, candidate, {epoch_, voted_for_, End()}, now_);
  if (request.pre_vote || Mutated(Mutant::kVoteAndStay)) return ballot.granted;
  if (ballot.adopt) Adopt(request.epoch, ballot.granted ? candidate : NodeId());
  if (ballot.granted) election_.Voted(now_);
  if (ballot.is_new()) Emit(Trace{TraceKind::kVotes, candidate, epoch_, log_.last()});
  return ballot.granted;
}

// Refuses lower epochs from now on. Persists the epoch and the vote before any node hears of them.
void ReplicaCore::Adopt(Epoch epoch, NodeId voted_for) {
  epoch_ = epoch;
  voted_for_ = std::move(voted_for);
  if (!Mutated(Mutant::kVoteWithoutSaving)) Emit(SaveEpoch{epoch_, history_, voted_for_});
  LeavePrimary();
  election_.Restart(now_);
}

// Closes the stream. The replica has no primary until one announces itself. Also gives up a
// promotion in progress.
void ReplicaCore::LeavePrimary() {
  if (const StreamId open = link_.stream(); open != StreamId(0)) {
    Emit(Send{open, Refusal{epoch_}});  // fences the old primary
    Emit(CloseStream{open});
  }
  link_.SetPrimary(NodeId());
  Disconnect(now_);
}

void ReplicaCore::On(const PeerAnswered& answered) {
  if (failed()) return;
  const auto* vote = std::get_if<Vote>(&answered.answer);
  if (vote == nullptr) return;
  if (vote->known > epoch_) return Adopt(vote->known, NodeId());
  election_.HandleVote(answered.from, *vote);
}

bool ReplicaCore::MayStand() const {
  const bool follows = std::holds_alternative<Following>(state_) && !link_.truncating();
  const bool eligible = IsEligible() || election_.AllowsUnclean(now_);
  return follows && !disk_full_ && eligible;
}

// The witnesses may still store this node as a member of the set. Only the node itself knows that
// it may have lost what it held as such.
bool ReplicaCore::IsEligible() const {
  const UncleanRestart rule = election_.knobs().unclean_restart;
  return !unclean_ || rule == UncleanRestart::kEligible || Mutated(Mutant::kUncleanStaysEligible);
}

void ReplicaCore::TakePartInElection() {
  const PublishedSet& set = election_.known_set();
  election_.SetEligible(IsEligible() && (set.empty() || set.Contains(id_)));
  for (;;) {
    switch (election_.Next(now_, epoch_, MayStand(), log_bytes_)) {
      case Election::Action::kNothing:
        return;
      case Election::Action::kSuspect:
        Emit(Trace{TraceKind::kSuspects, link_.primary(), epoch_, log_.last()});
        break;
      case Election::Action::kAskPreVotes:
        Emit(Trace{TraceKind::kAsksPreVotes, NodeId(), NextToStandFor(epoch_), log_.last()});
        AskForVotes({NextToStandFor(epoch_), End(), /*pre_vote=*/true, /*hand_over=*/false,
                     election_.is_unclean()});
        break;
      case Election::Action::kStand:
        Stand();
        break;
      case Election::Action::kLead:
        EmitTrace(TraceKind::kElected, log_.last());
        return Emit(Lead{epoch_});
    }
  }
}

void ReplicaCore::Stand() {
  epoch_ = NextToStandFor(epoch_);
  voted_for_ = id_;
  if (!Mutated(Mutant::kVoteWithoutSaving)) Emit(SaveEpoch{epoch_, history_, voted_for_});
  LeavePrimary();
  EmitTrace(TraceKind::kStands, log_.last());
  AskForVotes({epoch_, End(), /*pre_vote=*/false, election_.TakesOver(), election_.is_unclean()});
}

// Not after a restart in that epoch: it may have led it before, with records that it has lost.
bool ReplicaCore::CouldLead(Epoch epoch) const {
  const bool unknown = epoch > epoch_ || (epoch == epoch_ && voted_for_.empty());
  const bool could = MayStand() && election_.knobs().may_lead;
  const bool is_near = !election_.IsTooFarBehind(log_bytes_);
  return unknown && epoch >= NextToStandFor(Epoch(0)) && could && is_near;
}

// The witnesses have elected the picker for the epoch, and it appoints one node per epoch.
bool ReplicaCore::AcceptsPick(const NodeId& picker, const PickRequest& pick) {
  if (pick.epoch == epoch_ && election_.IsElected(epoch_)) return true;  // told again
  if (!CouldLead(pick.epoch)) return false;
  epoch_ = pick.epoch;
  voted_for_ = id_;
  Emit(SaveEpoch{epoch_, history_, voted_for_});
  LeavePrimary();
  election_.WasPicked(epoch_, now_);
  Emit(Trace{TraceKind::kElected, picker, epoch_, log_.last()});
  Emit(Lead{epoch_});
  return true;
}

void ReplicaCore::AskForVotes(VoteRequest request) {
  for (const NodeId& other : election_.others()) Emit(AskPeer{other, request});
}

}  // namespace replsim
