#include "simulator/scenario/election_presets.h"

namespace replsim {
namespace {

constexpr Nanos kNeverSuspect{0};

struct ElectionRow {
  const char* name;
  const char* description;
  const char* source;
  const char* simplified;
  Nanos suspect_after;  // kNeverSuspect: the row ends here
  Nanos longest_stand_delay{0};
  bool pre_vote = true;
  proto::GrantRule grant_rule = proto::NOT_BEHIND;
  proto::SyncSetSpec::Kind granted_by = proto::SyncSetSpec::MAJORITY;
  Nanos lose_lead_for{0};  // without a majority; 0: never
  proto::Rejoin rejoin = proto::FOLLOW;
  proto::Voters voters = proto::ALL_NODES;
  Nanos lease{0};  // 0: none, and the two below are not used
  Nanos lease_margin{0};
  Nanos lease_renew{0};
  Nanos leave_after{0};   // the in-sync set; 0: none, and the two below are not used
  uint32_t set_size = 0;  // 0: every replica
  uint32_t set_min = 0;
  proto::UncleanRestart unclean_restart = proto::ELIGIBLE;
  uint32_t lose_lead_below = 0;   // nodes for lose_lead_for; 0: a majority
  Nanos promotion_time{0};        // 0: the replication preset's
  uint32_t witnesses = 0;         // 0: the default of `voters`
  uint32_t suspect_together = 0;  // any K; 0: none may hear the primary
  bool all_together = false;      // suspect_together all
  proto::Observers observers = proto::ALL_OBSERVERS;
  proto::Initiator initiator = proto::BY_CANDIDATE;
  Nanos quiet_period{0};
  Nanos heartbeat{0};
  uint32_t set_acks = 0;  // of the in-sync set; 0: every replica
  uint64_t lag_max = 0;   // bytes; 0: no limit
};

const ElectionRow kElectionRows[] = {
    {"manual", "no elections: only a promote fault makes a replica the primary",
     "None: the preset has no times.", "", kNeverSuspect},
    {"raft",
     "Raft as in etcd 3.5: pre-vote, a majority votes, no vote for a shorter log; the leader stops "
     "if it does not hear a majority (check quorum)",
     "etcd: election-timeout 1 s. A follower stands after one to two election timeouts, drawn "
     "anew each time; the leader counts the followers it hears once per election timeout.",
     "No transfer of leadership, no learners, no changes of membership.", Millis(1000),
     Millis(1000), true, proto::NOT_BEHIND, proto::SyncSetSpec::MAJORITY, Millis(1000),
     proto::FOLLOW},
    {"mongodb",
     "MongoDB 6.0: a dry run before each election, a majority votes, no vote for an older log; the "
     "primary steps down if it does not see a majority",
     "electionTimeoutMillis 10 s; a random wait of up to 15 % of it "
     "(replElectionTimeoutOffsetLimitFraction) before a secondary stands.",
     "No priorities and no takeover by a better node, no catch-up phase before the new primary "
     "accepts writes, no limit of the rollback. An arbiter is a witness (cluster.witnesses).",
     Millis(10'000), Millis(1500), true, proto::NOT_BEHIND, proto::SyncSetSpec::MAJORITY,
     Millis(10'000), proto::FOLLOW},
    {.name = "patroni",
     .description =
         "Patroni 3: the primary holds a key in a store of its own (three witnesses), and a "
         "replica may take the key when it has run out and no replica that answers has a longer "
         "log",
     .source =
         "ttl 30 s, loop_wait 10 s, retry_timeout 10 s. The primary renews the key every "
         "loop_wait. It stops leading when it has not renewed it for ttl less the margin of 10 s, "
         "which is 10 to 20 s after the store is gone, as with retry_timeout. A replica looks for "
         "the key after 5 to 15 s, drawn anew each time: every loop_wait on average. "
         "maximum_lag_on_failover 1 MiB (lag_max).",
     .simplified =
         "The store is witnesses without a log of their own, so nothing else is kept in it: no "
         "failsafe_mode. No synchronous mode: that is patroni:sync. No watchdog beside the margin.",
     .suspect_after = Millis(5'000),
     .longest_stand_delay = Millis(10'000),
     .voters = proto::WITNESSES,
     .lease = Millis(30'000),
     .lease_margin = Millis(10'000),
     .lease_renew = Millis(10'000),
     .lag_max = 1 << 20},
    {.name = "patroni:sync",
     .description =
         "Patroni 3 with synchronous_mode: as patroni, and the primary waits for one replica, "
         "which it names in the store (the key /sync); only these two may take the primary's key",
     .source =
         "As patroni: ttl 30 s, loop_wait 10 s, retry_timeout 10 s. synchronous_node_count 1, "
         "synchronous_mode_strict off (in_sync.min 0). The primary compares the set with its "
         "connections every loop_wait, 10 s (in_sync.leave_after).",
     .simplified =
         "A member that is connected and does not catch up for leave_after is replaced; Patroni "
         "replaces only one that no longer streams. Another replica joins at once, not in the "
         "next loop. The store is witnesses without a log of their own; no failsafe_mode and no "
         "maximum_lag_on_failover. No watchdog beside the margin. Use it with replication.preset "
         "postgres:on (synchronous_commit = on).",
     .suspect_after = Millis(5'000),
     .longest_stand_delay = Millis(10'000),
     .grant_rule = proto::IN_SYNC_SET,
     .voters = proto::WITNESSES,
     .lease = Millis(30'000),
     .lease_margin = Millis(10'000),
     .lease_renew = Millis(10'000),
     .leave_after = Millis(10'000),
     .set_size = 1},
    {.name = "patroni:quorum",
     .description =
         "Patroni 4 with synchronous_mode: quorum: as patroni, and the primary waits for any one "
         "of the replicas that it names in the store (the key /sync), with a number: so many of "
         "the others must tell a candidate that their log is not longer than its own",
     .source =
         "As patroni: ttl 30 s, loop_wait 10 s, retry_timeout 10 s. synchronous_node_count 1 "
         "(in_sync.acks), synchronous_mode_strict off (in_sync.min 0). The primary compares the "
         "set with its connections every loop_wait, 10 s (in_sync.leave_after).",
     .simplified =
         "The members that a candidate asks vote for it: they take nothing more from the old "
         "primary. In Patroni they only answer, and the key that has run out is what stops the "
         "old primary. A member that is connected and does not catch up for leave_after leaves; "
         "Patroni takes only one out that no longer streams. A replica joins when it is nearly "
         "caught up, not in the next loop. The store is witnesses without a log of their own; no "
         "failsafe_mode and no maximum_lag_on_failover. No watchdog beside the margin. Use it "
         "with replication.preset postgres:on (synchronous_commit = on).",
     .suspect_after = Millis(5'000),
     .longest_stand_delay = Millis(10'000),
     .grant_rule = proto::IN_SYNC_QUORUM,
     .voters = proto::WITNESSES,
     .lease = Millis(30'000),
     .lease_margin = Millis(10'000),
     .lease_renew = Millis(10'000),
     .leave_after = Millis(10'000),
     .set_acks = 1},
    {"kafka:elr",
     "Kafka 4 with KRaft and eligible leader replicas (KIP-966): three controllers (witnesses) "
     "store the in-sync replicas, and only one of them, or the last ones below min.insync.replicas,"
     " may lead the partition, unless it was restarted after an unclean shutdown",
     "broker.session.timeout.ms 9 s (lease), broker.heartbeat.interval.ms 2 s (lease_renew); "
     "replica.lag.time.max.ms 30 s (in_sync.leave_after). min.insync.replicas 2 (in_sync.min 1), "
     "as advised for three replicas; its default is 1. unclean.leader.election.enable false. A "
     "broker is clean if it registers with the epoch in its clean shutdown file (unclean_restart).",
     "A real controller picks the new leader when the session has ended; here the replicas look "
     "after 2 to 3 s of silence, and again until it has. The leader stops 0.9 s before its session "
     "ends; a real one goes on until it is refused. A real controller removes an unclean broker "
     "from the set when it registers; here it does not stand, and the next primary removes it. "
     "If every member is unclean, no node leads; a real controller then elects the last leader "
     "when it is back, which may lack records. One partition, no preferred leader. Use it with "
     "replication.preset kafka:acks_all.",
     Millis(2'000), Millis(1'000), true, proto::IN_SYNC_SET, proto::SyncSetSpec::MAJORITY, Nanos(0),
     proto::FOLLOW, proto::WITNESSES, Millis(9'000), Millis(900), Millis(2'000), Millis(30'000), 0,
     1, proto::NOT_ELIGIBLE},
    {.name = "repmgr",
     .description =
         "repmgr 5 with repmgrd: a standby that cannot reach the primary is promoted if a "
         "majority of the nodes is visible and no log is longer; nothing stops the old primary, "
         "and an operator rejoins it",
     .source =
         "reconnect_attempts 6, reconnect_interval 10 s: six pings with five waits between them, "
         "50 s from the first failed one. monitor_interval_secs 2: that one follows the failure "
         "by up to 2 s (stand_delay, heartbeat.interval). primary_visibility_consensus false "
         "(suspect_together).",
     .simplified =
         "Logs are compared by epoch and position, not by position alone; of two equal logs the "
         "first to stand leads, not the one of higher priority or lower id. The majority counts "
         "the old primary; repmgr counts the standbys and the witness, so that a single standby "
         "wins without a vote. An old primary that hears of the new one stops; a real one goes "
         "on. A host that does not answer at all delays each ping by up to connect_timeout, 2 s. "
         "primary_visibility_consensus (off by default) is suspect_together all. No location, no "
         "failover_validation_command. Use it with replication.preset postgres:local.",
     .suspect_after = Millis(50'000),
     .longest_stand_delay = Millis(2'000),
     .rejoin = proto::WAIT_FOR_RESTART,
     .suspect_together = 1,
     .heartbeat = Millis(2'000)},
    {.name = "pg_auto_failover",
     .description =
         "pg_auto_failover 2: one monitor (a witness) decides, and knows which standby is in "
         "sync; a primary that reaches neither the monitor nor a standby stops",
     .source =
         "node_considered_unhealthy_timeout 20 s (suspect_after, in_sync.leave_after); each node "
         "asks the monitor every second (stand_delay, heartbeat.interval); "
         "network_partition_timeout 20 s (lose_lead); primary_demote_timeout 30 s, which the "
         "standby waits before it is promoted (promotion_time).",
     .simplified =
         "The monitor decides by its own checks; here the standby must miss the primary as well. "
         "The wait of 30 s ends early in pg_auto_failover if the old primary reports that it has "
         "stopped; here each promotion takes it, that of a switchover too. A host that does not "
         "answer at all is found by health checks, which take 19 to 24 s. With two standbys the "
         "primary waits for a certain one (in_sync.size 1), not for any one (number_sync_standbys "
         "1), and the other may not be promoted; no report_lsn and fast_forward. Use it with "
         "replication.preset postgres:on.",
     .suspect_after = Millis(20'000),
     .longest_stand_delay = Millis(1'000),
     .grant_rule = proto::IN_SYNC_SET,
     .lose_lead_for = Millis(20'000),
     .voters = proto::WITNESSES,
     .leave_after = Millis(20'000),
     .set_size = 1,
     .lose_lead_below = 2,
     .promotion_time = Millis(30'000),
     .witnesses = 1,
     .heartbeat = Millis(1'000)},
    {.name = "sentinel",
     .description =
         "Redis Sentinel 7: two of three sentinels (witnesses) must miss the primary; the "
         "sentinels elect one of them, which picks the replica; nothing stops the old primary",
     .source =
         "down-after-milliseconds 30 s (suspect_after) after the last answer to a ping, sent each "
         "second (heartbeat.interval); quorum 2 of 3 sentinels. A sentinel asks the others each "
         "second (stand_delay). The next failover may start after twice failover-timeout, 180 s "
         "(quiet_period).",
     .simplified =
         "Logs are compared by epoch and position, not by offset alone, and by answers to the "
         "poll, not by the last INFO; no replica is left out because it was long disconnected "
         "from the primary. The poll and the order to lead are one round trip each; a real one "
         "waits for an INFO, each second. replica-priority is failover.priority. An old primary "
         "stops when it reaches a sentinel or the new primary; a real one goes on until it is "
         "reconfigured. No TILT. min-replicas-to-write, off by default, is lose_lead. Use it with "
         "replication.preset redis:default.",
     .suspect_after = Millis(30'000),
     .longest_stand_delay = Millis(1'000),
     .voters = proto::WITNESSES,
     .suspect_together = 2,
     .observers = proto::WITNESSES_OBSERVE,
     .initiator = proto::BY_WITNESS,
     .quiet_period = Millis(360'000),
     .heartbeat = Millis(1'000)},
    {.name = "orchestrator",
     .description =
         "Orchestrator 3 on Raft with MySQL: one of three witnesses must miss the primary, and so "
         "must every replica that answers; the witness picks the most advanced replica",
     .source = "InstancePollSeconds 5 (suspect_after), an analysis each second (stand_delay), "
               "RecoveryPeriodBlockSeconds 3600 (quiet_period).",
     .simplified =
         "A real node finds a dead primary at its next poll, 0 to 5 s after the failure, and by "
         "the broken connections of the replicas, which a silent host breaks only after "
         "slave_net_timeout; here it is the silence of the primary, 4 to 5 s, for all of them, "
         "and the other witnesses are asked too. The quiet period holds after a failover, not "
         "after a failed one. A failover is no intermediate primary's, and no hook moves an "
         "address. An old primary stops when it reaches a witness or the new primary; a real one "
         "goes on. Promotion rules are failover.priority and never_leads. Use it with "
         "replication.preset mysql:after_sync.",
     .suspect_after = Millis(5'000),
     .longest_stand_delay = Millis(1'000),
     .rejoin = proto::WAIT_FOR_RESTART,
     .voters = proto::WITNESSES,
     .all_together = true,
     .initiator = proto::BY_WITNESS,
     .quiet_period = Millis(3'600'000),
     .heartbeat = Millis(1'000)},
};

ElectionPreset MakeElectionPreset(const ElectionRow& row) {
  ElectionPreset preset{row.name, row.description, row.source,   row.simplified, {},
                        {},       row.witnesses,   row.heartbeat};
  proto::Failover& knobs = preset.knobs;
  knobs.set_preset(row.name);
  if (row.suspect_after == kNeverSuspect) return preset;
  knobs.mutable_suspect_after()->set_ns(row.suspect_after.count());
  proto::Delay::Uniform* delay = knobs.mutable_stand_delay()->mutable_uniform();
  delay->mutable_min()->set_ns(0);
  delay->mutable_max()->set_ns(row.longest_stand_delay.count());
  knobs.set_pre_vote(row.pre_vote);
  knobs.mutable_granted_by()->set_kind(row.granted_by);
  knobs.set_grant_rule(row.grant_rule);
  knobs.set_unclean_restart(row.unclean_restart);
  if (row.lose_lead_for > Nanos(0)) {
    proto::SyncSetSpec* without = knobs.mutable_lose_lead()->mutable_without();
    without->set_kind(proto::SyncSetSpec::MAJORITY);
    if (row.lose_lead_below > 0) {
      without->set_kind(proto::SyncSetSpec::ANY_OF);
      without->set_count(row.lose_lead_below);
    }
    knobs.mutable_lose_lead()->mutable_for_()->set_ns(row.lose_lead_for.count());
  }
  knobs.set_rejoin(row.rejoin);
  knobs.set_voters(row.voters);
  if (row.lease > Nanos(0)) {
    knobs.mutable_lease()->set_ns(row.lease.count());
    knobs.mutable_lease_margin()->set_ns(row.lease_margin.count());
    knobs.mutable_lease_renew()->set_ns(row.lease_renew.count());
  }
  knobs.set_initiator(row.initiator);
  if (row.all_together) {
    knobs.mutable_suspect_together()->set_kind(proto::SyncSetSpec::ALL);
    knobs.set_observers(row.observers);
  } else if (row.suspect_together > 0) {
    knobs.mutable_suspect_together()->set_kind(proto::SyncSetSpec::ANY_OF);
    knobs.mutable_suspect_together()->set_count(row.suspect_together);
    knobs.set_observers(row.observers);
  }
  if (row.quiet_period > Nanos(0)) {
    knobs.mutable_quiet_period()->set_ns(row.quiet_period.count());
  }
  if (row.lag_max > 0) knobs.mutable_lag_max()->set_bytes(row.lag_max);
  if (row.promotion_time > Nanos(0)) {
    knobs.mutable_promotion_time()->set_ns(row.promotion_time.count());
  }
  if (row.leave_after > Nanos(0)) {
    preset.replication.mutable_sync_set()->set_kind(proto::SyncSetSpec::IN_SYNC);
    proto::InSync* set = preset.replication.mutable_in_sync();
    if (row.set_size > 0) set->set_size(row.set_size);
    set->mutable_leave_after()->set_ns(row.leave_after.count());
    set->set_min(row.set_min);
    if (row.set_acks > 0) set->set_acks(row.set_acks);
  }
  return preset;
}

}  // namespace

const std::vector<ElectionPreset>& ElectionPresets() {
  static const std::vector<ElectionPreset>* const presets = [] {
    auto* made = new std::vector<ElectionPreset>();
    for (const ElectionRow& row : kElectionRows) made->push_back(MakeElectionPreset(row));
    return made;
  }();
  return *presets;
}

const ElectionPreset* FindElectionPreset(absl::string_view name) {
  for (const ElectionPreset& preset : ElectionPresets()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

std::vector<std::string> ElectionPresetNames() {
  std::vector<std::string> names;
  for (const ElectionPreset& preset : ElectionPresets()) names.push_back(preset.name);
  return names;
}

}  // namespace replsim
