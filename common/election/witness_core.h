// A witness: a node that votes in elections and holds no data, so that two nodes with data can have
// a majority (an arbiter in MongoDB, a witness in repmgr, a voter without data). It hears primaries
// by their announcements, suspects them as a replica does, and votes by the rules of election.h. It
// knows no log: its vote says nothing about who has which writes, and every candidate is as good as
// another to it.
//
// Unless the primary publishes an in-sync set (primary/core/in_sync_set.h). The witness stores the
// newest one that a primary of no lower epoch than its own has sent it, and with grant_rule:
// in-sync-set votes for its members only. It persists the set before it answers, because the
// primary drops a member from its gates once a majority has answered.
//
// With initiator: witness, a witness that suspects the primary stands to pick its successor: once
// the other witnesses have elected it for an epoch, it polls the nodes with data and tells the best
// one to lead that epoch (picker.h).
//
// Single-threaded, without I/O; core.h says how a core is used. Its host keeps the epoch, the vote
// and the set in the metadata of an otherwise empty folder.
#pragma once

#include <utility>

#include "common/election/election.h"
#include "common/election/picker.h"
#include "common/protocol/core.h"

namespace replsim {

class WitnessCore final : public Core {
 public:
  // options.knobs.may_lead is not used: a witness never leads.
  WitnessCore(ElectionOptions options, const CoreStart& start, Instant now);

  void Step(Instant now, Event event) override;
  Effects TakeEffects() override;
  Instant NextTimer() const override;
  void CheckInvariants() override;
  CoreDescription Describe() const override;
  CoreMetrics Metrics() const override { return {}; }
  absl::Status BeginPromotion(Instant now, Epoch next) override;
  absl::Status BeginDemotion() override;
  RoleChange role_change() const override { return RoleChange::kNone; }
  CoreStart HandOver(Effects* out) override;

 private:
  template <class Other>
  void On(Other&) {}  // of streams, its log and its store: it has none
  void On(WriteRequest& write);
  void On(ReadRequest& read);
  void On(TicketRequest& asked);
  void On(PeerAsked& asked);
  void On(PeerAnswered& answered);
  void On(LogFailed& failed) { failure_ = std::move(failed.why); }
  void Hear(const NodeId& primary, const Announcement& announced);
  void TraceSet();
  uint64_t StoredVersion() const { return in_sync_.epoch == epoch_ ? in_sync_.version : 0; }
  bool Votes(const NodeId& candidate, const VoteRequest& request);
  void Adopt(Epoch epoch, const NodeId& voted_for);
  void Advance();
  void Stand();
  void Pick();
  void AskAll(const std::vector<NodeId>& nodes, const PeerRequest& request);
  void Emit(Effect effect) { effects_.push_back(std::move(effect)); }

  const NodeId id_;
  const EpochHistory history_;  // empty; part of the metadata
  Epoch epoch_;
  NodeId voted_for_;  // in epoch_; the primary of epoch_ if that is known
  NodeId primary_;    // heard last; empty: none since it voted
  PublishedSet in_sync_;
  Instant now_;
  Election election_;
  Picker picker_;
  const std::vector<NodeId> witnesses_;
  std::string failure_;  // why it stopped; empty: it runs
  Effects effects_;

  struct Checked {
    Epoch epoch;
    NodeId voted_for;
    PublishedSet in_sync;
  } checked_;
};

}  // namespace replsim
