#include "common/election/election.h"

#include <utility>

#include "common/base/mutant.h"

namespace replsim {

namespace {

bool NeedsMember(GrantRule rule) {
  return rule == GrantRule::kInSyncSet || rule == GrantRule::kInSyncQuorum;
}

// Whether the candidate may lack acknowledged writes, because it is no member of the in-sync set.
bool IsOutOfSync(const NodeId& candidate, const Voter& voter, GrantRule rule) {
  if (!NeedsMember(rule) || Mutated(Mutant::kVoteOutsideSet)) return false;
  return !voter.in_sync.empty() && !voter.in_sync.Contains(candidate);
}

}  // namespace

bool MayVote(const VoteRequest& request, const NodeId& candidate, const Voter& voter,
             GrantRule rule) {
  if (request.epoch < NextToStandFor(Epoch(0))) return false;
  const bool compares = rule == GrantRule::kNotBehind || rule == GrantRule::kInSyncQuorum;
  const bool behind = request.end < voter.end;
  if (behind && compares && !Mutated(Mutant::kElectShorterLog)) return false;
  if (IsOutOfSync(candidate, voter, rule)) return false;
  if (request.pre_vote) return request.epoch > voter.epoch;
  if (request.epoch != voter.epoch) return false;
  return voter.voted_for.empty() || voter.voted_for == candidate || Mutated(Mutant::kVoteTwice);
}

// An unclean candidate is compared by its log, and a witness, which has none, votes for it after
// the silence.
GrantRule Election::RuleFor(const VoteRequest& request, Instant now) const {
  const GrantRule rule = options_.knobs.grant_rule;
  if (!request.unclean || rule != GrantRule::kInSyncSet) return rule;
  const bool allows = !options_.is_witness || AllowsUnclean(now);
  return allows ? GrantRule::kNotBehind : rule;
}

Ballot Election::Decide(const VoteRequest& request, const NodeId& candidate, const Voter& voter,
                        Instant now) const {
  const GrantRule rule = RuleFor(request, now);
  if (request.pre_vote) {
    const bool hears = HearsPrimary(now) && !options_.knobs.suspect_together;
    const bool free = !hears && !IsBound(now) && !MayPromote(voter.voted_for, candidate, now);
    return {free && MayVote(request, candidate, voter, rule), false};
  }
  if (IsOutOfSync(candidate, voter, rule)) return {};  // it cannot win: its epoch is not needed
  const bool higher = request.epoch > voter.epoch;
  const bool promotes = MayPromote(voter.voted_for, candidate, now);
  const bool bound = (IsBound(now) || promotes) && !request.hand_over;
  if (higher && bound && !Mutated(Mutant::kVoteDuringLease)) return {};
  const Voter as_voter = higher ? Voter{request.epoch, NodeId(), voter.end, voter.in_sync} : voter;
  const bool granted = MayVote(request, candidate, as_voter, rule);
  return {granted, higher || (granted && as_voter.voted_for != candidate)};
}

Election::Election(ElectionOptions options, Instant now)
    : options_(std::move(options)), silent_since_(now) {
  if (options_.knobs.on()) Watch(now, /*suspects=*/false);
  Bind(now);
}

void Election::Watch(Instant since, bool suspects) {
  state_ = Watching{since, options_.stand_delay ? options_.stand_delay() : Nanos(0), suspects};
}

void Election::HeardPrimary(const NodeId& primary, Instant now) {
  if (!heard_.empty() && heard_ != primary) quiet_until_ = now + options_.knobs.quiet_period;
  heard_at_ = now;
  heard_ = primary;
  silent_since_ = now;
  Bind(now);
  WatchAnew(now);
}

void Election::WasPicked(Epoch epoch, Instant now) {
  promotes_until_ = now + options_.knobs.promotion_time;
  state_ = Elected{epoch, now, {}};
}

bool Election::MayPromote(const NodeId& voted_for, const NodeId& candidate, Instant now) const {
  return now < promotes_until_ && !voted_for.empty() && candidate != voted_for;
}

void Election::Voted(Instant now) {
  Bind(now);
  promotes_until_ = now + options_.knobs.promotion_time;
}

void Election::Bind(Instant now) {
  if (!all_vote() && !options_.is_witness) return;
  bound_until_ = now + options_.knobs.lease;
}

void Election::Restart(Instant now) {
  heard_at_.reset();
  WatchAnew(now);
}

// Draws a new wait only after a suspicion, because a primary is heard often.
void Election::WatchAnew(Instant now) {
  if (!options_.knobs.on()) return;
  if (auto* watching = std::get_if<Watching>(&state_); watching != nullptr) {
    if (watching->stand_now) return;
    watching->since = now;
    if (!watching->suspects) return;
  }
  Watch(now, /*suspects=*/false);
}

bool Election::HearsPrimary(Instant now) const {
  return heard_at_ && now < *heard_at_ + options_.knobs.suspect_after;
}

Instant Election::StandsAt(const Watching& watching) const {
  return std::max(watching.since + options_.knobs.suspect_after + watching.wait, quiet_until_);
}

bool Election::IsWitness(const NodeId& node) const {
  const std::vector<NodeId>& witnesses = options_.witnesses;
  return std::find(witnesses.begin(), witnesses.end(), node) != witnesses.end();
}

bool Election::Counts(const NodeId& voter) const {
  return all_vote() || Mutated(Mutant::kPollCounts) || IsWitness(voter);
}

// Whether the answer of this node to a pre-vote can prevent a candidacy.
bool Election::MayObject(const NodeId& node) const {
  if (options_.is_witness) return false;  // it picks one of them
  // Enough members must say yes, and one that says no does not matter then.
  if (options_.knobs.grant_rule == GrantRule::kInSyncQuorum) return false;
  const std::vector<NodeId>& never = options_.knobs.never_leads;
  return !Counts(node) && std::find(never.begin(), never.end(), node) == never.end();
}

size_t Election::VotersOf(const std::set<NodeId>& nodes) const {
  return static_cast<size_t>(std::count_if(nodes.begin(), nodes.end(),
                                           [this](const NodeId& node) { return Counts(node); }));
}

size_t Election::electorate() const {
  return all_vote() ? options_.others.size() + 1 : options_.witnesses.size();
}

bool Election::IsEnough(const std::set<NodeId>& granted) const {
  const size_t needed = NodesNeeded(options_.knobs.granted_by, electorate());
  const size_t own = all_vote() || options_.is_witness ? 1 : 0;
  return VotersOf(granted) + own + (Mutated(Mutant::kElectedByOneTooFew) ? 1 : 0) >= needed;
}

// Whether enough members of the set vote for this node, so that one of them or itself has each
// acknowledged write.
bool Election::HasQuorum(const std::set<NodeId>& granted, const PublishedSet& in_sync) const {
  if (options_.knobs.grant_rule != GrantRule::kInSyncQuorum) return true;
  const auto members = static_cast<uint32_t>(std::count_if(
      granted.begin(), granted.end(), [&](const NodeId& node) { return in_sync.Contains(node); }));
  return members + (Mutated(Mutant::kQuorumOneTooFew) ? 1 : 0) >= in_sync.quorum;
}

bool Election::StandsBySuspicion() const {
  const bool by_witness = options_.knobs.initiator == Initiator::kWitness;
  return by_witness == options_.is_witness && options_.knobs.may_lead;
}

bool Election::Observes(const NodeId& node) const {
  return options_.knobs.observers == Observers::kAll || IsWitness(node);
}

// Whether enough observers hear no primary. One of all nodes is the suspected primary, which is no
// observer, so the others of this node and itself are one too many.
bool Election::SuspectTogether(const Asking& asking) const {
  if (!options_.knobs.suspect_together) return true;
  const SyncSet& together = *options_.knobs.suspect_together;
  const auto hears_one = [&](const NodeId& node) {
    return Observes(node) && !asking.hear_none.contains(node);
  };
  if (together.kind == SyncSet::Kind::kAll) {
    return std::none_of(asking.granted.begin(), asking.granted.end(), hears_one) &&
           std::none_of(asking.refused.begin(), asking.refused.end(), hears_one);
  }
  const bool all = options_.knobs.observers == Observers::kAll;
  const size_t observers = all ? options_.others.size() : options_.witnesses.size();
  const auto suspecting =
      static_cast<size_t>(std::count_if(asking.hear_none.begin(), asking.hear_none.end(),
                                        [this](const NodeId& node) { return Observes(node); }));
  const size_t own = all || options_.is_witness ? 1 : 0;
  return suspecting + own >= NodesNeeded(together, observers);
}

// The suspected primary is not waited for.
bool Election::HaveAllAnswered(const Asking& asking) const {
  return std::all_of(options_.others.begin(), options_.others.end(), [&](const NodeId& other) {
    return other == heard_ || asking.granted.contains(other) || asking.refused.contains(other);
  });
}

// The observers hear the same primary, and may suspect it a little later.
void Election::AskAgain(Instant now) {
  Watch(now + poll_patience() - options_.knobs.suspect_after, /*suspects=*/true);
}

// Whether a round of pre-votes ends before its time: the store of the primary's key answers at once
// who has it. Where all nodes vote, a round lasts suspect_after, so that they ask less often.
bool Election::IsRefused(const Asking& asking) const {
  if (all_vote()) return false;
  const size_t needed = NodesNeeded(options_.knobs.granted_by, electorate());
  return VotersOf(asking.refused) + needed > electorate() ||
         std::any_of(asking.refused.begin(), asking.refused.end(),
                     [this](const NodeId& node) { return MayObject(node); });
}

// Whether no node is left whose objection is worth waiting for: those that do not vote, and the
// observers if all must suspect, have answered or have had the time to do so. The suspected primary
// is not waited for.
bool Election::HasHeardAll(const Asking& asking, Instant now) const {
  if (now >= asking.since + poll_patience()) return true;
  const auto& together = options_.knobs.suspect_together;
  const bool all_observe = together && together->kind == SyncSet::Kind::kAll;
  return std::none_of(options_.others.begin(), options_.others.end(), [&](const NodeId& other) {
    const bool is_waited_for = MayObject(other) || (all_observe && Observes(other));
    return is_waited_for && other != heard_ && !asking.granted.contains(other) &&
           !asking.refused.contains(other);
  });
}

void Election::StandNow(bool hand_over) {
  if (!options_.knobs.on() || !options_.knobs.may_lead) return;
  state_ = Watching{Instant(), Nanos(0), /*suspects=*/true, /*stand_now=*/true, hand_over};
}

Election::Action Election::Stand(Standing standing) {
  promotes_until_ = standing.since + options_.knobs.promotion_time;
  state_ = std::move(standing);
  return Action::kStand;
}

Election::Action Election::BeginRound(const Watching& watching, Instant now, Epoch epoch,
                                      uint64_t log_bytes) {
  is_unclean_ = !eligible_ && AllowsUnclean(now);
  // A candidate adopts the new epoch, which deposes the primary that it followed. While a lease
  // protects that primary, no candidate can win, and the writes would stop for nothing.
  const bool at_once =
      watching.stand_now && (watching.hand_over || options_.knobs.lease == Nanos(0));
  if (options_.knobs.pre_vote && !at_once) {
    state_ = Asking{NextToStandFor(epoch), now, {}, {}, {}, {}, {}};
    return Action::kAskPreVotes;
  }
  if (!watching.hand_over && IsTooFarBehind(log_bytes)) {
    Watch(now, /*suspects=*/!watching.stand_now);
    return Action::kNothing;
  }
  return Stand({NextToStandFor(epoch), now, watching.hand_over, {}, {}});
}

Election::Action Election::NextOf(Watching& watching, Instant now, Epoch epoch, bool may_stand,
                                  uint64_t log_bytes) {
  if (watching.stand_now) {
    if (may_stand) return BeginRound(watching, now, epoch, log_bytes);
    Watch(now, /*suspects=*/false);
    return Action::kNothing;
  }
  const Nanos suspect_after = options_.knobs.suspect_after;
  if (!watching.suspects) {
    const Instant due = watching.since + suspect_after;
    if (now < due) return Action::kNothing;
    if (now - due > suspect_after / 2) {
      // The process did not run (SIGSTOP, a slow host). Messages of the primary may lie unread.
      Watch(now, /*suspects=*/false);
      return Action::kNothing;
    }
    watching.suspects = true;
    return Action::kSuspect;
  }
  if (now < StandsAt(watching)) return Action::kNothing;
  if (may_stand && StandsBySuspicion()) return BeginRound(watching, now, epoch, log_bytes);
  Watch(now, /*suspects=*/true);
  return Action::kNothing;
}

Election::Action Election::Next(Instant now, Epoch epoch, bool may_stand, uint64_t log_bytes) {
  if (auto* watching = std::get_if<Watching>(&state_)) {
    return NextOf(*watching, now, epoch, may_stand, log_bytes);
  }
  if (auto* asking = std::get_if<Asking>(&state_)) {
    if (IsRefused(*asking)) {
      Watch(now, /*suspects=*/true);
      return Action::kNothing;
    }
    if (IsEnough(asking->granted) && HasQuorum(asking->granted, asking->in_sync) &&
        SuspectTogether(*asking) && HasHeardAll(*asking, now)) {
      const bool gives_way = is_unclean_ && HasFoundEligible(*asking);
      if (!may_stand || gives_way || IsTooFarBehind(log_bytes)) {
        Watch(now, /*suspects=*/true);
        return Action::kNothing;
      }
      return Stand({asking->epoch, now, /*hand_over=*/false, {}, {}});
    }
    const bool ended = now >= asking->since + options_.knobs.suspect_after;
    if (options_.knobs.suspect_together && (ended || HaveAllAnswered(*asking))) {
      AskAgain(now);
    } else if (ended) {
      Watch(now, /*suspects=*/true);
    }
  } else if (auto* standing = std::get_if<Standing>(&state_)) {
    if (IsEnough(standing->granted) && HasQuorum(standing->granted, standing->in_sync)) {
      state_ = Elected{standing->epoch, standing->since, standing->in_sync};
      return Action::kLead;
    }
    if (now >= standing->since + options_.knobs.suspect_after) Watch(now, /*suspects=*/true);
  }
  return Action::kNothing;
}

bool Election::AllowsUnclean(Instant now) const {
  const std::optional<Nanos>& after = options_.knobs.unclean_after;
  return after && now >= silent_since_ + options_.knobs.suspect_after + *after;
}

// Whether a member of the set has answered that may be elected.
bool Election::HasFoundEligible(const Asking& asking) const {
  return std::any_of(
      known_set_.members.begin(), known_set_.members.end(), [&](const NodeId& member) {
        const bool answered = asking.granted.contains(member) || asking.refused.contains(member);
        return answered && !asking.unclean.contains(member);
      });
}

void Election::HandleLogSize(const LogSize& told) {
  if (told.IsNewerThan(primary_log_)) primary_log_ = told;
}

bool Election::IsTooFarBehind(uint64_t log_bytes) const {
  const std::optional<uint64_t>& most = options_.knobs.lag_max;
  return most && primary_log_.bytes > log_bytes && primary_log_.bytes - log_bytes > *most;
}

void Election::HandleVote(const NodeId& from, const Vote& vote) {
  HandleLogSize(vote.primary_log);
  if (vote.in_sync.IsNewerThan(known_set_)) known_set_ = vote.in_sync;
  if (auto* asking = std::get_if<Asking>(&state_)) {
    if (!vote.request.pre_vote || vote.request.epoch != asking->epoch) return;
    (vote.granted ? asking->granted : asking->refused).insert(from);
    if (!vote.hears) asking->hear_none.insert(from);
    if (vote.not_eligible) asking->unclean.insert(from);
    if (vote.in_sync.IsNewerThan(asking->in_sync)) asking->in_sync = vote.in_sync;
  } else if (auto* standing = std::get_if<Standing>(&state_)) {
    const bool counts = !vote.request.pre_vote || Mutated(Mutant::kPreVoteCounts);
    if (vote.granted && counts && vote.request.epoch == standing->epoch) {
      standing->granted.insert(from);
      if (vote.in_sync.IsNewerThan(standing->in_sync)) standing->in_sync = vote.in_sync;
    }
  }
}

bool Election::IsElected(Epoch epoch) const {
  const auto* elected = std::get_if<Elected>(&state_);
  return elected != nullptr && elected->epoch == epoch;
}

bool Election::TakesOver() const {
  const auto* standing = std::get_if<Standing>(&state_);
  return standing != nullptr && standing->hand_over;
}

Instant Election::elected_at() const {
  const auto* elected = std::get_if<Elected>(&state_);
  return elected == nullptr ? Instant() : elected->stood_at;
}

PublishedSet Election::elected_from() const {
  const auto* elected = std::get_if<Elected>(&state_);
  return elected == nullptr ? PublishedSet() : elected->in_sync;
}

Instant Election::NextTimer() const {
  const Nanos round = options_.knobs.suspect_after;
  if (const auto* watching = std::get_if<Watching>(&state_)) {
    return watching->suspects ? StandsAt(*watching) : watching->since + round;
  }
  if (const auto* asking = std::get_if<Asking>(&state_)) {
    const bool is_enough = IsEnough(asking->granted) && SuspectTogether(*asking);
    return asking->since + (is_enough ? poll_patience() : round);
  }
  if (const auto* standing = std::get_if<Standing>(&state_)) return standing->since + round;
  return kNever;
}

}  // namespace replsim
