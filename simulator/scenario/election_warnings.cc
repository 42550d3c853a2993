#include "simulator/scenario/election_warnings.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/config/ack_stage.h"
#include "simulator/promise/scenario_facts.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

class ElectionWarnings {
 public:
  ElectionWarnings(const proto::Scenario& scenario, const Places& places,
                   std::vector<Mistake>* warnings)
      : scenario_(scenario),
        failover_(scenario.failover()),
        places_(places),
        warnings_(warnings),
        voters_(Electorate(scenario)) {}

  void Find() {
    WarnOfVotes();
    WarnOfGrantRule();
    WarnOfUncleanRestart();
    WarnOfPreVote();
    WarnOfLoneSuspicion();
    WarnOfSilence();
  }

 private:
  // At the knob, or at the preset that set it.
  void Warn(const std::string& path, std::string text) {
    const bool own = places_.Has(path);
    warnings_->push_back({places_.Find(own ? path : "failover.preset"), std::move(text)});
  }

  void WarnOfVotes() {
    const uint32_t needed = NodesNeeded(failover_.granted_by(), voters_);
    const uint32_t majority = voters_ / 2 + 1;
    const std::string votes =
        absl::StrCat("failover.granted_by ", ToText(failover_.granted_by()), " of ", voters_,
                     failover_.voters() == proto::WITNESSES ? " witnesses" : " nodes");
    if (needed < majority) {
      Warn("failover.granted_by",
           absl::StrCat(votes,
                        " is fewer than a majority: two nodes can be elected and lead at "
                        "once; expected majority"));
    } else if (needed == voters_ && failover_.voters() != proto::WITNESSES) {
      Warn("failover.granted_by",
           absl::StrCat(votes,
                        " needs every node: while the primary is down, no replica can be "
                        "elected; expected ",
                        voters_ > 2 ? "majority" : "at least 2 replicas, or a witness"));
    }
  }

  void WarnOfGrantRule() {
    const proto::ReplicationSpec& spec = scenario_.replication();
    if (spec.in_sync().has_acks() && failover_.grant_rule() == proto::IN_SYNC_SET) {
      return Warn("failover.grant_rule",
                  absl::StrCat("failover.grant_rule in-sync-set lets any member be elected, but "
                               "replication.in_sync.acks ",
                               spec.in_sync().acks(),
                               " acknowledges writes that the other members may lack; expected "
                               "in-sync-quorum"));
    }
    if (spec.sync_set().kind() == proto::SyncSetSpec::IN_SYNC &&
        !NeedsInSyncSet(failover_.grant_rule())) {
      return Warn("failover.grant_rule",
                  "failover.grant_rule lets witnesses vote for nodes outside the in-sync set, "
                  "which may lack acknowledged writes; expected in-sync-set");
    }
    if (failover_.grant_rule() != proto::ANY_CANDIDATE || !IsReplicaStage(spec.ack_after())) return;
    Warn("failover.grant_rule",
         "failover.grant_rule any lets nodes vote for a candidate whose log ends before theirs: "
         "an elected node may lack acknowledged writes, although ack_after waits for replicas; "
         "expected not-behind");
  }

  void WarnOfUncleanRestart() {
    const proto::ReplicationSpec& spec = scenario_.replication();
    if (failover_.unclean_restart() != proto::NOT_ELIGIBLE) return;
    if (spec.ack_after() != proto::REPLICA_FLUSH || !EveryPrimaryFlushes(scenario_.cluster()))
      return;
    Warn(
        "failover.unclean_restart",
        "failover.unclean_restart not-eligible with ack_after replica-flush: every member has "
        "flushed what was acknowledged, so no restart loses it, and the rule only keeps nodes from "
        "leading; expected eligible");
  }

  void WarnOfPreVote() {
    if (!failover_.pre_vote() || failover_.has_lose_lead() || failover_.has_lease()) return;
    const bool own = places_.Has("failover.pre_vote");
    if (!own && !failover_.preset().empty()) return;  // a preset without both is meant to be so
    Warn(own ? "failover.pre_vote" : "failover.suspect_after",
         "failover.pre_vote without lose_lead: a primary that the nodes hear keeps leading, even "
         "if it hears too few of them to acknowledge writes; expected e.g. lose_lead: {without: "
         "majority, for: 1s}");
  }

  // A preset that sets this says so.
  void WarnOfLoneSuspicion() {
    if (!failover_.has_suspect_together() || !places_.Has("failover.suspect_together")) return;
    const uint32_t observers = Observing(scenario_);
    if (observers < 2 || NodesNeeded(failover_.suspect_together(), observers) > 1) return;
    if (failover_.suspect_together().kind() == proto::SyncSetSpec::ALL) return;
    Warn("failover.suspect_together",
         absl::StrCat("failover.suspect_together any 1 of ", observers,
                      " observers: a node that alone cannot reach a healthy primary may depose it; "
                      "expected majority"));
  }

  void WarnOfSilence() {
    constexpr int64_t kFewHeartbeats = 3;
    const proto::Duration& interval = scenario_.cluster().heartbeat().interval();
    const proto::Duration& silence = failover_.suspect_after();
    if (!places_.Has("cluster.heartbeat.interval")) return;
    if (silence.ns() / kFewHeartbeats >= interval.ns()) return;
    Warn("cluster.heartbeat.interval",
         absl::StrCat("failover.suspect_after ", ToText(silence), " is less than ", kFewHeartbeats,
                      " times heartbeat.interval ", ToText(interval),
                      ": replicas may suspect a primary that is only late; expected a shorter "
                      "interval"));
  }

  const proto::Scenario& scenario_;
  const proto::Failover& failover_;
  const Places& places_;
  std::vector<Mistake>* const warnings_;
  const uint32_t voters_;
};

}  // namespace

bool MayLead(const proto::Scenario& scenario, absl::string_view node) {
  const auto& never = scenario.failover().never_leads();
  return std::find(never.begin(), never.end(), node) == never.end();
}

void AddElectionWarnings(const proto::Scenario& scenario, const Places& places,
                         std::vector<Mistake>* warnings) {
  if (!scenario.failover().has_suspect_after()) return;
  ElectionWarnings(scenario, places, warnings).Find();
}

}  // namespace replsim
