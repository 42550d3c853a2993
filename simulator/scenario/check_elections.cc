// Checks the election knobs of `failover`, and the heartbeats that they depend on.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "simulator/promise/scenario_facts.h"
#include "simulator/scenario/check_parts.h"
#include "simulator/scenario/election_presets.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

// Returns the key to change for an election knob: the knob itself, or the preset that set it.
std::string ElectionPath(const CheckContext& context, const std::string& knob) {
  const std::string path = "failover." + knob;
  return context.places.Has(path) ? path : "failover.preset";
}

// Returns "failover.suspect_after 10s", with the preset that set it.
std::string SaidTime(const CheckContext& context, const std::string& knob,
                     const proto::Duration& time) {
  const std::string said = absl::StrCat("failover.", knob, " ", ToText(time));
  const std::string& preset = context.scenario.failover().preset();
  const bool own = preset.empty() || context.places.Has("failover." + knob);
  return own ? said : absl::StrCat(said, " (preset ", preset, ")");
}

void RefuseWithoutElections(const CheckContext& context) {
  const proto::Failover& failover = context.scenario.failover();
  // An unknown preset could have been one with elections.
  const bool known = failover.preset().empty() || FindElectionPreset(failover.preset()) != nullptr;
  if (!known || !context.Known("failover.preset")) return;
  const std::pair<const char*, bool> knobs[] = {
      {"stand_delay", failover.has_stand_delay()},
      {"pre_vote", failover.has_pre_vote()},
      {"suspect_together", failover.has_suspect_together()},
      {"observers", failover.observers() != proto::OBSERVERS_UNSPECIFIED},
      {"initiator", failover.initiator() != proto::INITIATOR_UNSPECIFIED},
      {"priority", !failover.priority().empty()},
      {"voters", failover.voters() != proto::VOTERS_UNSPECIFIED},
      {"granted_by", failover.has_granted_by()},
      {"grant_rule", failover.grant_rule() != proto::GRANT_UNSPECIFIED},
      {"unclean_restart", failover.unclean_restart() != proto::UNCLEAN_RESTART_UNSPECIFIED},
      {"lag_max", failover.has_lag_max()},
      {"unclean_after", failover.has_unclean_after()},
      {"takeover_after", failover.has_takeover_after()},
      {"lose_lead", failover.has_lose_lead()},
      {"lease", failover.has_lease()},
      {"lease_margin", failover.has_lease_margin()},
      {"lease_renew", failover.has_lease_renew()},
      {"quiet_period", failover.has_quiet_period()},
      {"disk_stall_after", failover.has_disk_stall_after()},
      {"never_leads", !failover.never_leads().empty()}};
  for (const auto& [knob, is_set] : knobs) {
    if (!is_set) continue;
    context.Refuse(absl::StrCat("failover.", knob),
                   absl::StrCat("failover.", knob,
                                " has no effect, because the nodes elect no primary; set "
                                "failover.suspect_after, e.g. 1s, or failover.preset, e.g. raft"));
  }
  if (failover.rejoin() == proto::FOLLOW) {
    context.Refuse("failover.rejoin",
                   "failover.rejoin follow has no effect, because without elections an old primary "
                   "waits for its restart; set failover.suspect_after, e.g. 1s, or "
                   "failover.preset, e.g. raft, or expected rejoin: wait");
  }
}

// Which nodes were counted.
const char* Told(const CheckContext& context, const std::string& knob, uint32_t nodes) {
  const proto::Cluster& cluster = context.scenario.cluster();
  if (knob == "suspect_together") {
    return context.scenario.failover().observers() == proto::WITNESSES_OBSERVE
               ? " witnesses, and only they observe"
               : " beside the primary";
  }
  if (nodes != AllVoters(cluster)) return " witnesses, and only they vote";
  return cluster.witnesses() > 0 ? " with the primary and the witnesses" : " with the primary";
}

// `nodes`: how many the set is taken from.
void CheckNodeSet(const CheckContext& context, const std::string& knob,
                  const proto::SyncSetSpec& set, uint32_t nodes) {
  const std::string path = ElectionPath(context, knob);
  if (set.kind() == proto::SyncSetSpec::FIRST_OF ||
      set.kind() == proto::SyncSetSpec::KIND_UNSPECIFIED) {
    context.Refuse(path, absl::StrCat("failover.", knob, " '", ToText(set),
                                      "' is no set of nodes; expected majority, any K or all"));
  } else if (set.kind() == proto::SyncSetSpec::ANY_OF && set.count() == 0) {
    context.Refuse(path, absl::StrCat("failover.", knob,
                                      " needs no node; expected at least any 1, "
                                      "the node itself"));
  } else if (NodesNeeded(set, nodes) > nodes && context.Known("cluster.replicas")) {
    context.Refuse(path,
                   absl::StrCat("failover.", knob, " '", ToText(set), "' needs ", set.count(),
                                " nodes; the cluster has ", nodes, Told(context, knob, nodes)));
  }
}

void CheckLoseLead(const CheckContext& context) {
  if (!context.scenario.failover().has_lose_lead()) return;
  const proto::LoseLead& lose_lead = context.scenario.failover().lose_lead();
  if (!lose_lead.has_without()) {
    context.Refuse("failover.lose_lead",
                   "failover.lose_lead has no 'without'; expected the nodes that the primary must "
                   "hear, e.g. {without: majority, for: 1s}");
  } else {
    CheckNodeSet(context, "lose_lead.without", lose_lead.without(),
                 AllVoters(context.scenario.cluster()));
  }
  if (!lose_lead.has_for_()) {
    context.Refuse("failover.lose_lead",
                   "failover.lose_lead has no 'for'; expected how long a node may be silent, e.g. "
                   "{without: majority, for: 1s}");
  } else if (lose_lead.for_().ns() == 0) {
    context.Refuse("failover.lose_lead.for",
                   "failover.lose_lead.for is zero; expected how long a node may be silent, e.g. "
                   "1s");
  }
}

// A witness answers the primary only as often as that renews its lease.
void CheckLoseLeadWithWitnesses(const CheckContext& context) {
  const proto::Failover& failover = context.scenario.failover();
  if (!failover.has_lose_lead() || !failover.has_lease_renew()) return;
  if (failover.lose_lead().for_().ns() > failover.lease_renew().ns()) return;
  context.Refuse(
      ElectionPath(context, "lose_lead"),
      absl::StrCat("failover.lose_lead.for ", ToText(failover.lose_lead().for_()), " is not above ",
                   SaidTime(context, "lease_renew", failover.lease_renew()),
                   ", so the primary would stop leading between two answers of the "
                   "witnesses; expected a longer time, or no lose_lead"));
}

// A silence must be longer than the pause between two heartbeats.
void CheckSilence(const CheckContext& context, const std::string& knob,
                  const proto::Duration& silence, const char* otherwise) {
  const proto::Duration& interval = context.scenario.cluster().heartbeat().interval();
  if (silence.ns() == 0 || interval.ns() < silence.ns()) return;
  if (!context.Known("failover." + knob) || !context.Known("cluster.heartbeat.interval")) return;
  const bool own = context.places.Has("cluster.heartbeat.interval");
  context.Refuse(own ? "cluster.heartbeat.interval" : ElectionPath(context, knob),
                 absl::StrCat("heartbeat.interval ", ToText(interval), " is not below ",
                              SaidTime(context, knob, silence), ", so ", otherwise,
                              "; expected a shorter interval, or none to let it follow from "
                              "failover"));
}

void CheckLease(const CheckContext& context) {
  const proto::Failover& failover = context.scenario.failover();
  if (!failover.has_lease()) {
    if (failover.has_lease_margin()) {
      context.Refuse("failover.lease_margin",
                     "failover.lease_margin has no effect without failover.lease; set a lease, "
                     "e.g. 1s");
    }
    return;
  }
  const proto::Duration& lease = failover.lease();
  if (lease.ns() == 0) {
    context.Refuse("failover.lease", "failover.lease is zero; expected a time, e.g. 1s, or none");
  } else if (lease.ns() > failover.suspect_after().ns() && failover.voters() != proto::WITNESSES) {
    context.Refuse("failover.lease",
                   absl::StrCat("failover.lease ", ToText(lease), " is above ",
                                SaidTime(context, "suspect_after", failover.suspect_after()),
                                ", so candidates would stand while no node may vote for them; "
                                "expected at most that"));
  } else if (failover.lease_margin().ns() >= lease.ns()) {
    context.Refuse("failover.lease_margin",
                   absl::StrCat("failover.lease_margin ", ToText(failover.lease_margin()),
                                " is not below failover.lease ", ToText(lease),
                                ", so the primary could never lead; expected a part of it"));
  } else if (failover.promotion_time().ns() >= lease.ns() - failover.lease_margin().ns()) {
    context.Refuse(
        "failover.lease",
        absl::StrCat("failover.lease ", ToText(lease), " without its margin is not above ",
                     SaidTime(context, "promotion_time", failover.promotion_time()),
                     ", so a promoted node could never lead; expected a longer lease"));
  }
}

void CheckVoters(const CheckContext& context) {
  const proto::Failover& failover = context.scenario.failover();
  if (failover.voters() != proto::WITNESSES) return;
  if (context.scenario.cluster().witnesses() == 0) {
    context.Refuse(ElectionPath(context, "voters"),
                   "failover.voters witnesses lets only witnesses vote, and the cluster has none; "
                   "expected cluster.witnesses, e.g. 3");
  }
  if (!failover.pre_vote()) {
    context.Refuse("failover.pre_vote",
                   "failover.pre_vote false with failover.voters witnesses: witnesses know no log, "
                   "so a candidate must ask the replicas before it stands; expected true");
  }
}

void CheckSuspectTogether(const CheckContext& context) {
  const proto::Failover& failover = context.scenario.failover();
  const bool witnesses = failover.observers() == proto::WITNESSES_OBSERVE;
  if (!failover.has_suspect_together()) {
    if (failover.observers() == proto::OBSERVERS_UNSPECIFIED) return;
    return context.Refuse("failover.observers",
                          "failover.observers has no effect without failover.suspect_together; "
                          "set how many of them must suspect the primary, e.g. majority");
  }
  if (!failover.pre_vote()) {
    context.Refuse("failover.suspect_together",
                   "failover.suspect_together has no effect with pre_vote false, because a "
                   "candidate asks no other node before it stands; expected pre_vote: true");
  }
  if (witnesses && context.scenario.cluster().witnesses() == 0) {
    return context.Refuse(ElectionPath(context, "observers"),
                          "failover.observers witnesses counts only suspicions of witnesses, and "
                          "the cluster has none; expected cluster.witnesses, e.g. 3");
  }
  CheckNodeSet(context, "suspect_together", failover.suspect_together(),
               Observing(context.scenario));
}

// A lease binds voters to a primary, and a member of the in-sync set is elected by its own name.
void CheckInitiator(const CheckContext& context) {
  const proto::Failover& failover = context.scenario.failover();
  if (failover.initiator() != proto::BY_WITNESS) {
    if (failover.priority().empty() || failover.has_takeover_after()) return;
    return context.Refuse("failover.priority",
                          "failover.priority has no effect without initiator witness or "
                          "takeover_after, because no node picks another one; expected one of "
                          "them, or never_leads");
  }
  const std::string path = ElectionPath(context, "initiator");
  if (failover.voters() != proto::WITNESSES) {
    context.Refuse(path,
                   "failover.initiator witness lets the witnesses elect one of them that picks the "
                   "primary; expected voters: witnesses");
  } else if (failover.has_lease()) {
    context.Refuse(path,
                   "failover.initiator witness with a lease is not possible: the picked node does "
                   "not know since when the witnesses are bound to it; expected no lease, or "
                   "initiator: candidate");
  } else if (NeedsInSyncSet(failover.grant_rule())) {
    context.Refuse(
        path,
        "failover.initiator witness with a grant_rule of the in-sync set is not possible: a "
        "witness picks by the logs of the nodes; expected initiator: candidate");
  }
}

void CheckGrantRule(const CheckContext& context) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  const proto::GrantRule rule = context.scenario.failover().grant_rule();
  if (!NeedsInSyncSet(rule) || !context.Known("replication")) return;
  const std::string path = ElectionPath(context, "grant_rule");
  const bool quorum = rule == proto::IN_SYNC_QUORUM;
  if (spec.sync_set().kind() != proto::SyncSetSpec::IN_SYNC) {
    context.Refuse(path,
                   absl::StrCat("failover.grant_rule ", quorum ? "in-sync-quorum" : "in-sync-set",
                                " has no effect with sync_set '", ToText(spec.sync_set()),
                                "', because no set is published; expected "
                                "replication.sync_set in-sync"));
  } else if (quorum && !spec.in_sync().has_acks()) {
    context.Refuse(path,
                   "failover.grant_rule in-sync-quorum without replication.in_sync.acks is the "
                   "same as in-sync-set, because every member has each acknowledged write; "
                   "expected in_sync.acks, e.g. 1, or in-sync-set");
  }
}

// Only a primary that publishes a set can tell a node that it has caught up.
void CheckUncleanRestart(const CheckContext& context) {
  const proto::Failover& failover = context.scenario.failover();
  if (failover.unclean_restart() != proto::NOT_ELIGIBLE) return;
  if (failover.grant_rule() == proto::IN_SYNC_SET) return;
  context.Refuse(ElectionPath(context, "unclean_restart"),
                 "failover.unclean_restart not-eligible needs failover.grant_rule in-sync-set: a "
                 "node is eligible again when a primary has published it in its in-sync set; "
                 "expected that, or eligible");
}

void CheckUncleanAfter(const CheckContext& context) {
  const proto::Failover& failover = context.scenario.failover();
  if (!failover.has_unclean_after() || failover.grant_rule() == proto::IN_SYNC_SET) return;
  context.Refuse("failover.unclean_after",
                 "failover.unclean_after has no effect without failover.grant_rule in-sync-set, "
                 "because no other rule keeps every node from being elected; expected that");
}

void CheckTakeover(const CheckContext& context) {
  const proto::Failover& failover = context.scenario.failover();
  if (!failover.has_takeover_after()) return;
  if (failover.takeover_after().ns() == 0) {
    context.Refuse("failover.takeover_after",
                   "failover.takeover_after is zero; expected how long a preferred node follows "
                   "before it takes the lead, e.g. 30s");
  } else if (failover.priority().empty()) {
    context.Refuse("failover.takeover_after",
                   "failover.takeover_after has no effect without failover.priority; expected the "
                   "nodes that take the lead back, e.g. priority: [p]");
  }
}

void CheckRenewal(const CheckContext& context) {
  const proto::Failover& failover = context.scenario.failover();
  if (!failover.has_lease_renew()) return;
  const int64_t held_ns = failover.lease().ns() - failover.lease_margin().ns();
  if (!failover.has_lease() || context.scenario.cluster().witnesses() == 0) {
    context.Refuse("failover.lease_renew",
                   "failover.lease_renew has no effect without failover.lease and witnesses that "
                   "hold it; set both, or none of the three");
  } else if (failover.lease_renew().ns() == 0 || failover.lease_renew().ns() >= held_ns) {
    context.Refuse(ElectionPath(context, "lease_renew"),
                   absl::StrCat("failover.lease_renew ", ToText(failover.lease_renew()),
                                " is not between zero and the time for which the lease holds (",
                                "failover.lease less lease_margin), so the primary could never "
                                "keep it; expected e.g. a third of that"));
  }
}

// `knob` is a list of nodes with data.
void CheckNodeNames(const CheckContext& context, const std::string& knob,
                    const google::protobuf::RepeatedPtrField<std::string>& names) {
  const std::vector<std::string> known = NodeIds(context.scenario);
  const std::string path = "failover." + knob;
  for (auto id = names.begin(); id != names.end(); ++id) {
    if (std::find(known.begin(), known.end(), *id) == known.end()) {
      context.Refuse(path,
                     absl::StrCat(path, " names unknown node '", *id, "'", Suggest(*id, known)));
    } else if (std::find(names.begin(), id, *id) != id) {
      context.Refuse(path, absl::StrCat(path, " names '", *id, "' twice"));
    }
  }
}

void CheckNeverLeads(const CheckContext& context) {
  const auto& never = context.scenario.failover().never_leads();
  const auto& priority = context.scenario.failover().priority();
  if (!context.Known("cluster.replicas")) return;
  CheckNodeNames(context, "never_leads", never);
  CheckNodeNames(context, "priority", priority);
  for (const std::string& id : priority) {
    if (std::find(never.begin(), never.end(), id) == never.end()) continue;
    context.Refuse("failover.priority",
                   absl::StrCat("failover.priority and never_leads both name '", id,
                                "'; expected one of them"));
  }
  if (never.empty()) return;
  const std::vector<std::string> replicas = ReplicaIds(context.scenario);
  const bool all = std::all_of(replicas.begin(), replicas.end(), [&never](const std::string& id) {
    return std::find(never.begin(), never.end(), id) != never.end();
  });
  if (all && !replicas.empty()) {
    context.Refuse("failover.never_leads",
                   "failover.never_leads names every replica, so none could succeed the primary; "
                   "expected at least one replica that may lead");
  }
}

}  // namespace

void CheckWitnesses(const CheckContext& context) {
  const uint32_t witnesses = context.scenario.cluster().witnesses();
  if (witnesses > kMaxWitnesses) {
    context.Refuse("cluster.witnesses",
                   absl::StrCat(witnesses, " witnesses are too many for a run; expected at most ",
                                kMaxWitnesses));
  }
  const proto::Failover& failover = context.scenario.failover();
  if (witnesses == 0 || failover.has_suspect_after() || !context.Known("failover.preset")) return;
  context.Refuse("cluster.witnesses",
                 "cluster.witnesses has no effect, because the nodes elect no primary; set "
                 "failover.suspect_after, e.g. 1s, or failover.preset, e.g. raft");
}

void CheckElections(const CheckContext& context) {
  CheckWitnesses(context);
  const proto::Failover& failover = context.scenario.failover();
  if (!failover.has_suspect_after()) return RefuseWithoutElections(context);
  if (failover.suspect_after().ns() == 0) {
    context.Refuse("failover.suspect_after",
                   "failover.suspect_after is zero; expected the silence after which a replica "
                   "suspects the primary, e.g. 1s");
  }
  if (context.scenario.cluster().replicas() == 0 && context.Known("cluster.replicas")) {
    context.Refuse(ElectionPath(context, "suspect_after"),
                   "failover lets the nodes elect a primary, but the cluster has no replica; "
                   "expected at least 2 replicas, or no elections");
    return;
  }
  CheckDelay(context, "failover.stand_delay", failover.stand_delay());
  CheckVoters(context);
  CheckSuspectTogether(context);
  CheckInitiator(context);
  CheckGrantRule(context);
  CheckUncleanRestart(context);
  CheckUncleanAfter(context);
  CheckTakeover(context);
  CheckNodeSet(context, "granted_by", failover.granted_by(), Electorate(context.scenario));
  CheckLoseLead(context);
  CheckLoseLeadWithWitnesses(context);
  CheckLease(context);
  CheckRenewal(context);
  CheckNeverLeads(context);
  CheckSilence(context, "suspect_after", failover.suspect_after(),
               "replicas would suspect an idle primary");
  CheckSilence(context, "lose_lead.for", failover.lose_lead().for_(),
               "an idle primary would stop leading");
  proto::Duration held;
  held.set_ns(failover.lease().ns() - failover.lease_margin().ns());
  if (failover.has_lease() && held.ns() > 0) {
    CheckSilence(context, "lease", held, "an idle primary would lose its lease");
  }
}

}  // namespace replsim
