#include "common/election/witness_core.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/mutant.h"

namespace replsim {
namespace {

// A witness stands only to pick another node. If witnesses hold the primary's key, they suspect it
// when the key has run out.
ElectionOptions OfWitness(ElectionOptions options) {
  ElectionKnobs& knobs = options.knobs;
  knobs.may_lead = knobs.initiator == Initiator::kWitness;
  options.is_witness = true;
  if (knobs.voters == Voters::kWitnesses) {
    knobs.suspect_after = std::max(knobs.suspect_after, knobs.lease);
  }
  return options;
}

PickerOptions ToPickerOptions(const ElectionOptions& options) {
  const ElectionKnobs& knobs = options.knobs;
  PickerOptions picker;
  const auto is_in = [](const std::vector<NodeId>& nodes, const NodeId& node) {
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
  };
  for (const NodeId& node : options.others) {
    if (is_in(options.witnesses, node) || is_in(knobs.never_leads, node)) continue;
    picker.candidates.push_back(node);
  }
  picker.priority = knobs.priority;
  picker.compares_logs = knobs.grant_rule != GrantRule::kAny;
  picker.patience = knobs.suspect_after / 5;
  picker.limit = knobs.suspect_after;
  return picker;
}

}  // namespace

WitnessCore::WitnessCore(ElectionOptions options, const CoreStart& start, Instant now)
    : id_(start.id),
      history_(start.history),
      epoch_(start.epoch),
      voted_for_(start.voted_for),
      in_sync_(start.in_sync),
      now_(now),
      election_(OfWitness(options), now),
      picker_(ToPickerOptions(options)),
      witnesses_(options.witnesses),
      checked_{start.epoch, start.voted_for, start.in_sync} {}

void WitnessCore::Step(Instant now, Event event) {
  now_ = now;
  std::visit([this](auto& e) { On(e); }, event);
}

Effects WitnessCore::TakeEffects() {
  if (failure_.empty()) Advance();
  return std::exchange(effects_, {});
}

Instant WitnessCore::NextTimer() const {
  return failure_.empty() ? std::min(election_.NextTimer(), picker_.NextTimer()) : kNever;
}

// --- clients ---

void WitnessCore::On(WriteRequest& write) {
  Emit(AnswerWrite{write.id, WriteOutcome::kRejected, Refused::kNotPrimary, Position{}, true});
}

void WitnessCore::On(ReadRequest& read) {
  Emit(AnswerRead{read.id, std::move(read.key), Refused::kNotPrimary});
}

void WitnessCore::On(TicketRequest& asked) {
  Emit(AnswerWrite{asked.id, WriteOutcome::kUnknown, Refused::kNotPrimary, asked.ticket, true});
}

// --- elections ---

void WitnessCore::On(PeerAsked& asked) {
  if (const auto* announced = std::get_if<Announcement>(&asked.request)) {
    if (failure_.empty()) Hear(asked.from, *announced);
    return Emit(AnswerPeer{asked.ask, KnownEpoch{epoch_, announced->time, StoredVersion()}});
  }
  if (const auto* request = std::get_if<VoteRequest>(&asked.request)) {
    const bool granted = failure_.empty() && Votes(asked.from, *request);
    return Emit(AnswerPeer{asked.ask, Vote{*request, granted, epoch_, in_sync_,
                                           election_.HearsPrimary(now_), election_.primary_log()}});
  }
  if (const auto* pick = std::get_if<PickRequest>(&asked.request)) {
    return Emit(AnswerPeer{asked.ask, PickAnswer{*pick, /*granted=*/false, epoch_, Position()}});
  }
  Emit(AnswerPeer{asked.ask, KnownEpoch{epoch_}});  // TakeLead: it never leads
}

void WitnessCore::On(PeerAnswered& answered) {
  if (!failure_.empty()) return;
  if (const auto* vote = std::get_if<Vote>(&answered.answer)) {
    if (vote->known > epoch_) return Adopt(vote->known, NodeId());
    election_.HandleVote(answered.from, *vote);
  } else if (const auto* pick = std::get_if<PickAnswer>(&answered.answer)) {
    if (pick->known > epoch_) return Adopt(pick->known, NodeId());
    picker_.HandleAnswer(answered.from, *pick);
  }
}

// A primary of a lower epoch learns from the answer that it has a successor.
void WitnessCore::Hear(const NodeId& primary, const Announcement& announced) {
  if (announced.epoch < epoch_) return;
  const bool newer = announced.in_sync.IsNewerThan(in_sync_);
  if (newer) in_sync_ = announced.in_sync;
  if (announced.epoch > epoch_) {
    Adopt(announced.epoch, primary);
  } else if (newer) {
    Emit(SaveEpoch{epoch_, history_, voted_for_, in_sync_});
  }
  if (newer) TraceSet();
  primary_ = primary;
  election_.HandleLogSize({announced.epoch, announced.log_bytes});
  election_.HeardPrimary(primary, now_);
  picker_.Stop();
}

void WitnessCore::TraceSet() {
  for (const NodeId& member : in_sync_.members) {
    Emit(Trace{TraceKind::kStores, member, in_sync_.epoch, Lsn(in_sync_.version)});
  }
}

bool WitnessCore::Votes(const NodeId& candidate, const VoteRequest& request) {
  const Ballot ballot =
      election_.Decide(request, candidate, {epoch_, voted_for_, Position{}, in_sync_}, now_);
  if (request.pre_vote) return ballot.granted;
  if (ballot.adopt) Adopt(request.epoch, ballot.granted ? candidate : NodeId());
  if (ballot.granted) election_.Voted(now_);
  if (ballot.is_new()) Emit(Trace{TraceKind::kVotes, candidate, epoch_, Lsn(0)});
  return ballot.granted;
}

// Persists the epoch and the vote before any node hears of them.
void WitnessCore::Adopt(Epoch epoch, const NodeId& voted_for) {
  epoch_ = epoch;
  voted_for_ = voted_for;
  if (!Mutated(Mutant::kVoteWithoutSaving)) Emit(SaveEpoch{epoch_, history_, voted_for_, in_sync_});
  primary_ = NodeId();
  election_.Restart(now_);
  picker_.Stop();
}

// --- picks ---

void WitnessCore::Advance() {
  for (;;) {
    switch (election_.Next(now_, epoch_, /*may_stand=*/!picker_.picks())) {
      case Election::Action::kNothing:
        return Pick();
      case Election::Action::kSuspect:
        Emit(Trace{TraceKind::kSuspects, primary_, epoch_, Lsn(0)});
        break;
      case Election::Action::kAskPreVotes: {
        const Epoch next = NextToStandFor(epoch_);
        Emit(Trace{TraceKind::kAsksPreVotes, NodeId(), next, Lsn(0)});
        AskAll(election_.others(), VoteRequest{next, Position(), /*pre_vote=*/true, false});
        break;
      }
      case Election::Action::kStand:
        Stand();
        break;
      case Election::Action::kLead:
        Emit(Trace{TraceKind::kElected, NodeId(), epoch_, Lsn(0)});
        picker_.Begin(epoch_, primary_, now_);
        break;
    }
  }
}

// The nodes with data are not asked for votes: they would leave their primary, although this
// witness may not be elected, or may find none that could lead.
void WitnessCore::Stand() {
  epoch_ = NextToStandFor(epoch_);
  voted_for_ = id_;
  if (!Mutated(Mutant::kVoteWithoutSaving)) Emit(SaveEpoch{epoch_, history_, voted_for_, in_sync_});
  Emit(Trace{TraceKind::kStands, NodeId(), epoch_, Lsn(0)});
  AskAll(witnesses_, VoteRequest{epoch_, Position(), /*pre_vote=*/false, false});
  if (Mutated(Mutant::kPickWithoutVotes)) picker_.Begin(epoch_, primary_, now_);
}

void WitnessCore::Pick() {
  for (;;) {
    switch (picker_.Next(now_)) {
      case Picker::Action::kNothing:
        return;
      case Picker::Action::kPoll:
        AskAll(picker_.candidates(), PickRequest{epoch_, /*lead=*/false, election_.primary_log()});
        break;
      case Picker::Action::kAppoint:
        Emit(Trace{TraceKind::kPicks, picker_.picked(), epoch_, Lsn(0)});
        Emit(
            AskPeer{picker_.picked(), PickRequest{epoch_, /*lead=*/true, election_.primary_log()}});
        break;
      case Picker::Action::kDone:
      case Picker::Action::kGiveUp:
        // Watches for the announcement of the new primary.
        election_.Restart(now_);
        break;
    }
  }
}

void WitnessCore::AskAll(const std::vector<NodeId>& nodes, const PeerRequest& request) {
  for (const NodeId& node : nodes) {
    if (node != id_) Emit(AskPeer{node, request});
  }
}

// --- changes of role, description, invariants ---

absl::Status WitnessCore::BeginPromotion(Instant, Epoch) {
  return absl::FailedPreconditionError(
      absl::StrCat(id_.name(), " is a witness: it holds no data and cannot lead"));
}

absl::Status WitnessCore::BeginDemotion() {
  return absl::FailedPreconditionError(absl::StrCat(id_.name(), " is a witness and never leads"));
}

CoreStart WitnessCore::HandOver(Effects*) {
  REPL_CHECK(false, "the witness ", id_.name(), " changes its role");
  return {};
}

CoreDescription WitnessCore::Describe() const {
  CoreDescription d;
  d.epoch = epoch_;
  d.failure = failure_;
  return d;
}

void WitnessCore::CheckInvariants() {
  REPL_CHECK(checked_.epoch <= epoch_, "the epoch went back");
  if (checked_.epoch == epoch_ && !checked_.voted_for.empty()) {
    REPL_CHECK(checked_.voted_for == voted_for_, "a second vote in epoch ", epoch_.value());
  }
  REPL_CHECK(!checked_.in_sync.IsNewerThan(in_sync_), "the in-sync set went back");
  checked_ = {epoch_, voted_for_, in_sync_};
}

}  // namespace replsim
