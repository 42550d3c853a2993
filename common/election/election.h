// A node's part in elections as a replica: when it suspects the primary, when it stands, and for
// whom it votes (Raft, sections 5.2 and 5.4.1; pre-votes: Ongaro's thesis, section 9.6).
//
//                suspect_after of silence, then a
//                random wait (stand_delay)            granted_by say yes
//   +----------+ -------------------------> +--------+ ---------------> +----------+
//   | Watching |                            | Asking |  (after a round  | Standing |
//   +----------+ <------------------------- +--------+  of pre-votes)   +----------+
//      ^   ^          no answer in time                                   |      | granted_by vote
//      |   +--------------------------------------------------------------+      | for it
//      |                              no answer in time                          v
//      |                                                                    +---------+
//      +------------------------------------------------------------------- | Elected |
//             heard a primary, voted, or learned of a higher epoch          +---------+
//
// Asking is left out without pre_vote. If witnesses alone vote, the other nodes are asked as well,
// and one that refuses ends the round: its log is longer, or it hears the primary. Nodes that never
// lead are not heeded. After a lost round the node waits suspect_after and a new random wait.
//
// Without suspect_together a node that hears a primary gives no pre-vote. With it, each answer to a
// request for a pre-vote also says whether the node hears a primary, and the candidate counts those
// that do not, apart from the pre-votes. After a lost round it asks again in a fifth of
// suspect_after and a new random wait.
//
// With grant_rule: in-sync-quorum, witnesses vote for members of the in-sync set that they store,
// and as many other members must vote for the candidate as that set says. Their votes are votes as
// well: persisted, and promises to take nothing more from an earlier primary.
//
// With unclean_after, a node that is not eligible by the in-sync set stands after a longer silence,
// if no eligible one answers it. Witnesses then vote for any node, and a node with a log objects to
// a candidate whose log is shorter.
//
// With initiator: witness, a replica does not stand for a suspicion of its own. The witnesses do,
// to pick one (picker.h): a witness counts its own vote, and replicas do not object to it.
//
// The epoch and the vote belong to the core, which persists them before it answers or asks. Part of
// a core: single-threaded, without I/O.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/knobs.h"
#include "common/protocol/messages.h"

namespace replsim {

struct ElectionOptions {
  ElectionKnobs knobs;
  std::vector<NodeId> others;     // every other node of the cluster, witnesses included
  std::vector<NodeId> witnesses;  // the only ones that vote, if knobs.voters says so
  bool is_witness = false;        // this node
  // Draws the wait before a candidacy (failover.stand_delay). Empty: there is none.
  std::function<Nanos()> stand_delay;
};

// The epoch for which a node stands that knows `known` as the highest. Epoch 1 belongs to the first
// primary of a cluster, which leads it without an election.
inline Epoch NextToStandFor(Epoch known) { return std::max(known + 1, Epoch(2)); }

// What a node knows of itself when it is asked for a vote.
struct Voter {
  Epoch epoch;
  NodeId voted_for;        // in `epoch`
  Position end;            // of its log
  PublishedSet in_sync{};  // that it stores as a witness
};

// The answer to a request for a vote.
struct Ballot {
  bool granted = false;
  // The node adopts the epoch of the request, with its vote if that is granted, before it answers.
  bool adopt = false;
  // A vote that the node had not given before.
  bool is_new() const { return granted && adopt; }
};

// Whether the voter's knowledge and the rule allow a vote for `candidate`. A vote in an epoch above
// the voter's is allowed only after the voter has adopted that epoch; a pre-vote needs no adoption.
bool MayVote(const VoteRequest& request, const NodeId& candidate, const Voter& voter,
             GrantRule rule);

class Election {
 public:
  // Watches from `now` on. Without knobs.suspect_after it never does anything.
  Election(ElectionOptions options, Instant now);

  const ElectionKnobs& knobs() const { return options_.knobs; }
  const std::vector<NodeId>& others() const { return options_.others; }

  // A primary was heard that this node follows: watches anew.
  void HeardPrimary(const NodeId& primary, Instant now);
  // This node has voted for another one, or learned of a higher epoch: it has no primary until it
  // hears one, and watches anew.
  void Restart(Instant now);
  // Whether a primary was heard less than suspect_after ago.
  bool HearsPrimary(Instant now) const;
  // Whether this node may vote for no other one yet, because it has heard a primary, or voted, less
  // than knobs.lease ago, or a new primary less than knobs.quiet_period ago. A node that starts may
  // have heard one, or voted, before.
  bool IsBound(Instant now) const { return now < std::max(bound_until_, quiet_until_); }
  // This node has voted for another one: it is bound as if it had heard it. A promotion takes
  // knobs.promotion_time, in which a vote for a third one would end it.
  void Voted(Instant now);
  // What the node answers to a candidate. A vote is a promise: a node that has adopted the epoch
  // refuses the primaries of lower ones, so a primary that needs this node's acknowledgement cannot
  // commit anything that the candidate lacks. The core persists the vote and then calls Voted.
  Ballot Decide(const VoteRequest& request, const NodeId& candidate, const Voter& voter,
                Instant now) const;
  // A primary has told this node, or another one that says so, how long its log is.
  void HandleLogSize(const LogSize& told);
  // The newest size that this node knows.
  const LogSize& primary_log() const { return primary_log_; }
  // Whether a log of this size lacks more than knobs.lag_max of the primary's log.
  bool IsTooFarBehind(uint64_t log_bytes) const;

  // Whether any node may be elected, because this one has heard no primary for suspect_after and
  // then for unclean_after.
  bool AllowsUnclean(Instant now) const;
  // The newest in-sync set that another node has told.
  const PublishedSet& known_set() const { return known_set_; }
  // Whether this node may be elected as a member of the set. One that may not asks for votes as a
  // node that is not eligible, if AllowsUnclean.
  void SetEligible(bool eligible) { eligible_ = eligible; }
  // This round does so (VoteRequest::unclean).
  bool is_unclean() const { return is_unclean_; }

  // It stands because its primary hands the lead over.
  bool TakesOver() const;
  // When it asked for the votes that elected it.
  Instant elected_at() const;
  // The newest in-sync set of the nodes that elected it; empty: none of them stores one.
  PublishedSet elected_from() const;

  // What the core must do now.
  enum class Action {
    kNothing,
    kSuspect,      // trace the suspicion
    kAskPreVotes,  // ask all others for pre-votes for NextToStandFor(epoch)
    kStand,        // adopt that epoch, vote for itself, persist that, and ask all others for votes
    kLead,         // it is elected
  };
  // Call repeatedly until it returns kNothing. `epoch` is the node's. `may_stand`: the node could
  // lead now; if it cannot, it watches anew instead of standing. `log_bytes`: the size of its log,
  // for knobs.lag_max. A node that is too far behind asks for pre-votes, whose answers may tell of
  // a later primary, but does not stand.
  Action Next(Instant now, Epoch epoch, bool may_stand, uint64_t log_bytes = 0);
  // Stands at the next call of Next, without pre-votes (a promotion by an operator, a switchover).
  // With a lease, a promotion asks for pre-votes first. A node that may not lead does nothing. A
  // request of a switchover passes leases, because the primary itself gives its lease up.
  void StandNow(bool hand_over);

  // A witness has picked this node to lead the epoch, which it has adopted (Elected).
  void WasPicked(Epoch epoch, Instant now);

  // Counts an answer to a request for a vote or a pre-vote. If witnesses alone vote, the answer of
  // another node to a pre-vote is an objection or none. Answers to earlier rounds are ignored.
  void HandleVote(const NodeId& from, const Vote& vote);
  // The node is elected for `epoch` and has not learned of a primary or a higher epoch since.
  bool IsElected(Epoch epoch) const;

  Instant NextTimer() const;

 private:
  struct Off {};
  struct Watching {
    Instant since;
    Nanos wait;              // after the suspicion
    bool suspects = false;   // kSuspect was returned
    bool stand_now = false;  // without suspicion and without pre-votes
    bool hand_over = false;  // then: because the primary hands its lead over
  };
  struct Asking {
    Epoch epoch;
    Instant since;
    std::set<NodeId> granted;
    std::set<NodeId> refused;
    std::set<NodeId> hear_none;  // of both: they hear no primary
    PublishedSet in_sync;        // the newest of both
    std::set<NodeId> unclean;    // of both: they are not eligible
  };
  struct Standing {
    Epoch epoch;
    Instant since;
    bool hand_over = false;
    std::set<NodeId> granted;
    PublishedSet in_sync{};  // the newest of those that granted it
  };
  struct Elected {
    Epoch epoch;
    Instant stood_at;
    PublishedSet in_sync;
  };

  GrantRule RuleFor(const VoteRequest& request, Instant now) const;
  void Bind(Instant now);  // only voters are bound
  // Whether the node that this one voted for, itself included, may still be on its way to lead.
  bool MayPromote(const NodeId& voted_for, const NodeId& candidate, Instant now) const;
  void Watch(Instant since, bool suspects);
  void WatchAnew(Instant now);
  Action Stand(Standing standing);
  Action BeginRound(const Watching& watching, Instant now, Epoch epoch, uint64_t log_bytes);
  Action NextOf(Watching& watching, Instant now, Epoch epoch, bool may_stand, uint64_t log_bytes);
  // Whether it stands when it suspects the primary.
  bool StandsBySuspicion() const;
  bool all_vote() const { return options_.knobs.voters == Voters::kAll; }
  // How long a candidate waits for objections of nodes that do not vote.
  Nanos poll_patience() const { return options_.knobs.suspect_after / 5; }
  bool IsWitness(const NodeId& node) const;
  bool Counts(const NodeId& voter) const;
  bool MayObject(const NodeId& node) const;
  size_t VotersOf(const std::set<NodeId>& nodes) const;
  size_t electorate() const;
  bool IsEnough(const std::set<NodeId>& granted) const;
  bool HasFoundEligible(const Asking& asking) const;
  bool HasQuorum(const std::set<NodeId>& granted, const PublishedSet& in_sync) const;
  bool Observes(const NodeId& node) const;
  bool SuspectTogether(const Asking& asking) const;
  bool HaveAllAnswered(const Asking& asking) const;
  void AskAgain(Instant now);
  bool IsRefused(const Asking& asking) const;
  bool HasHeardAll(const Asking& asking, Instant now) const;
  Instant StandsAt(const Watching& watching) const;

  const ElectionOptions options_;
  std::variant<Off, Watching, Asking, Standing, Elected> state_;
  Instant bound_until_;              // by a lease
  Instant quiet_until_;              // after a failover
  Instant promotes_until_;           // the node that it voted for, itself included
  std::optional<Instant> heard_at_;  // when the primary that it follows was heard last
  NodeId heard_;                     // that primary, or the one before
  LogSize primary_log_;
  Instant silent_since_;  // when it heard a primary last, or began to watch
  PublishedSet known_set_;
  bool eligible_ = true;
  bool is_unclean_ = false;
};

}  // namespace replsim
