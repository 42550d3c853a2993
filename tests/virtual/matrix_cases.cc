#include "tests/virtual/matrix_cases.h"

namespace replsim {

// Small, so that a cell costs milliseconds; open loop and many operations in flight, so that reads
// go on while writes wait. The timeout is for the modes that degrade: the cuts below last about as
// long, so that some seeds see them degrade and others do not.
const char kMatrixScenario[] = R"(
question: Which anomalies can happen in which mode?
duration: 900ms
cluster: {replicas: 2, heartbeat: {interval: 50ms, timeout: 400ms}}
failover: {promotion_time: 0s}
replication: {timeout: 150ms}
workload:
  clients: 8
  style: future
  deadline: 1s
  arrival: {rate: 500/s}
  mix: {write: 0.6, read: 0.4}
  keys: {count: 20, distribution: uniform}
  value_bytes: 20
)";

const std::vector<std::string>& MatrixPresets() {
  static const auto* const presets = new std::vector<std::string>{"async",
                                                                  "postgres:off",
                                                                  "mysql:after_commit",
                                                                  "mysql:after_sync",
                                                                  "postgres:remote_write",
                                                                  "postgres:on",
                                                                  "postgres:remote_apply",
                                                                  "quorum",
                                                                  "mongodb:majority"};
  return *presets;
}

// Each replica's next flush fails; later all lose power, and the best is promoted.
static const char kFlushesFail[] = R"(
faults:
  - {when: {at: 250ms}, do: fsync-error, node: r1}
  - {when: {after_previous: 0s}, do: fsync-error, node: r2}
  - {when: {after_previous: 100ms}, do: power-loss, node: p}
  - {when: {after_previous: 0s}, do: power-loss, node: r1}
  - {when: {after_previous: 0s}, do: power-loss, node: r2}
  - {when: {after_previous: 20ms}, do: restart, node: r1}
  - {when: {after_previous: 0s}, do: restart, node: r2}
  - {when: {after_previous: 50ms}, do: promote, node: best}
)";

const std::vector<MatrixCase>& MatrixCases() {
  static const auto* const cases = new std::vector<MatrixCase>{
      {"Failover",
       "the primary dies, the best replica is promoted, the old primary comes back",
       R"(
network:
  - {from: p, to: [r1, r2], delay: 30ms}
  - {from: [r1, r2], to: p, delay: 10ms}
faults:
  - {when: {at: 300ms}, do: kill, node: p}
  - {when: {after_previous: 10ms}, do: promote, node: best}
  - {when: {after_previous: 150ms}, do: restart, node: p}
)",
       {},
       {{"A1", "acknowledged, then lost", AckedLoss, "YY-------"},
        {"", "not acknowledged, but in the surviving log", UnansweredSurvived, "--YYYYYYY"},
        {"A23", "the leader's log ends earlier than before", LogEndWentBack, "YYYYYYYYY"},
        {"A33", "the old primary truncates records only it has", EntriesCut, "YYYYYYYYY"},
        {"A33", "the old primary converges to other data", NodesDiffer, "---------"}}},

      {"FailoverAtOnce",
       "the primary dies, the best replica is promoted at once",
       R"(
network:
  - {from: p, to: [r1, r2], delay: 2ms, jitter: 2ms}
faults:
  - {when: {at: 150ms}, do: kill, node: p}
  - {when: {after_previous: 0s}, do: promote, node: best}
)",
       {"workload.mix.read=0", "workload.arrival.rate=4000/s", "duration=250ms"},
       {{"A1", "acknowledged, then lost", AckedLoss, "YY-------"}}},

      {"SilentReplicas",
       "the primary hears nothing of its replicas, then dies; the best is promoted",
       R"(
network:
  - {from: p, to: [r1, r2], delay: 5ms}
faults:
  - {when: {at: 300ms}, do: partition, from: p, to: [r1, r2]}
  - {when: {after_previous: 200ms}, do: kill, node: p}
  - {when: {after_previous: 20ms}, do: heal, from: p, to: [r1, r2]}
  - {when: {after_previous: 30ms}, do: promote, node: best}
)",
       {},
       {{"A9", "acknowledged, then lost", AckedLoss, "YYdd-----"},
        {"A4", "a value was read, and is gone later", PhantomRead, "YYYd----Y"}}},

      {"RestartAlone",
       "the primary, partitioned, dies and leads again alone, then dies; the best is promoted",
       R"(
network:
  - {from: p, to: [r1, r2], delay: 5ms}
faults:
  - {when: {at: 250ms}, do: partition, from: p, to: [r1, r2]}
  - {when: {after_previous: 50ms}, do: kill, node: p}
  - {when: {after_previous: 20ms}, do: restart, node: p}
  - {when: {after_previous: 100ms}, do: kill, node: p}
  - {when: {after_previous: 20ms}, do: heal, from: p, to: [r1, r2]}
  - {when: {after_previous: 30ms}, do: promote, node: best}
)",
       {},
       {{"A5 A6", "a value was read, and is gone later", PhantomRead, "YYYYYYY-Y"}}},

      {"WrongCandidate",
       "the primary dies, the replica that did not acknowledge is promoted",
       R"(
network:
  - {from: p, to: r2, delay: 30ms}
faults:
  - {when: {at: 300ms}, do: kill, node: p}
  - {when: {after_previous: 10ms}, do: promote, node: r2}
)",
       {},
       {{"A11", "acknowledged, then lost", AckedLoss, "YYYYYYYYY"}}},

      {"BothGone",
       "the primary and the replica that acknowledged die, the other is promoted",
       R"(
network:
  - {from: p, to: r2, delay: 30ms}
faults:
  - {when: {at: 300ms}, do: kill, node: p}
  - {when: {after_previous: 0ms}, do: kill, node: r1}
  - {when: {after_previous: 10ms}, do: promote, node: r2}
)",
       {},
       {{"A11 A18", "acknowledged, then lost", AckedLoss, "YYYYYYYYY"}}},

      {"CutOffAlone",
       "a partition leaves the primary alone; the best of the others is promoted",
       R"(
network:
  - {from: p, to: [r1, r2], delay: 5ms}
faults:
  - {when: {at: 250ms}, do: partition, from: p, to: [r1, r2]}
  - {when: {after_previous: 200ms}, do: promote, node: best}
  - {when: {after_previous: 100ms}, do: heal, from: p, to: [r1, r2]}
)",
       {},
       {{"A15", "acknowledged, then lost", AckedLoss, "YYdd-----"},
        {"A20", "a value was read, and is gone later", PhantomRead, "YYYd----Y"}}},

      {"CutOffWithOne",
       "a partition leaves the primary one replica; the other one is promoted",
       R"(
faults:
  - {when: {at: 250ms}, do: partition, from: r2, to: [p, r1]}
  - {when: {after_previous: 150ms}, do: promote, node: r2}
  - {when: {after_previous: 150ms}, do: heal, from: r2, to: [p, r1]}
)",
       {},
       {{"A15", "acknowledged, then lost", AckedLoss, "YYYYYYYYY"}}},

      {"ReadWhoAcknowledged",
       "the replica that acknowledges is read; it applies slowly",
       R"(
network:
  - {from: p, to: r1, delay: 5ms}
  - {from: p, to: r2, delay: 30ms}
faults:
  - {when: {at: 50ms}, do: slow-apply, node: r1, apply_delay: 1ms}
)",
       {"workload.read_from=r1"},
       {{"", "an acknowledged write is missed", StaleReplicaRead, "YYYYYY-YY"}}},

      {"ReadTheOther",
       "another replica is read",
       R"(
network:
  - {from: p, to: r2, delay: 30ms}
)",
       {"workload.read_from=r2"},
       {{"", "an acknowledged write is missed", StaleReplicaRead, "YYYYYYYYY"}}},

      {"SlowAcks",
       "the replicas' acknowledgements are slow; replicas are read",
       R"(
network:
  - {from: [r1, r2], to: p, delay: 10ms}
)",
       {"workload.read_from=any-replica", "workload.keys.count=2", "workload.arrival.rate=2000/s",
        "duration=400ms"},
       {{"A7", "a replica shows a write before the primary", ReplicaAhead, "---YYYY--"}}},

      {"DiesBeforeTheAnswer",
       "the primary dies before it answers, and leads again",
       R"(
faults:
  - {when: {point: before-primary.ack, hit: 40}, do: kill, node: p}
  - {when: {after_previous: 20ms}, do: restart, node: p}
)",
       {},
       {{"A5", "not acknowledged, but in the surviving log", UnansweredSurvived, "YYYYYYYYY"}}},

      {"OneReplicaDies",
       "one of two replicas dies",
       R"(
faults:
  - {when: {at: 300ms}, do: kill, node: r1}
)",
       {},
       {{"A10", "writes stop", WritesStopped, "---------"}}},

      {"OneReplicaHangs",
       "one of two replicas hangs",
       R"(
faults:
  - {when: {at: 200ms}, do: pause, node: r1}
  - {when: {after_previous: 350ms}, do: resume, node: r1}
)",
       {},
       {{"A10", "writes stop", WritesStopped, "----YYY--"}}},

      {"AllReplicasDie",
       "all replicas die",
       R"(
faults:
  - {when: {at: 300ms}, do: kill, node: r1}
  - {when: {after_previous: 10ms}, do: kill, node: r2}
)",
       {},
       {{"A10", "writes stop", WritesStopped, "--ddYYYYY"},
        {"A9", "acknowledged without protection", Unprotected, "--YY-----"}}},

      {"Resurrected",
       "the primary is paused, the best replica is promoted, the old primary resumes",
       R"(
faults:
  - {when: {at: 300ms}, do: pause, node: p}
  - {when: {after_previous: 100ms}, do: promote, node: best}
  - {when: {after_previous: 150ms}, do: resume, node: p}
)",
       {},
       {{"A16", "the old primary acknowledges lost writes", LostAckOfOldEpoch, "YYdd-----"}}},

      {"ResurrectedAlone",
       "the same, but the old primary is partitioned",
       R"(
faults:
  - {when: {at: 300ms}, do: pause, node: p}
  - {when: {after_previous: 0ms}, do: partition, from: p, to: [r1, r2]}
  - {when: {after_previous: 100ms}, do: promote, node: best}
  - {when: {after_previous: 150ms}, do: resume, node: p}
)",
       {},
       {{"A16", "the old primary acknowledges lost writes", LostAckOfOldEpoch, "YYdd-----"}}},

      {"PowerLost",
       "the primary loses power and leads again",
       R"(
machine: {flush: 3ms}
faults:
  - {when: {at: 300ms}, do: power-loss, node: p}
  - {when: {after_previous: 20ms}, do: restart, node: p}
)",
       {},
       {{"A2", "acknowledged, then lost", AckedLoss, "YY-------"}}},

      {"PowerLostByAll",
       "all lose power; the best replica is promoted",
       R"(
machine: {flush: 3ms}
network:
  - {from: p, to: [r1, r2], delay: 2ms}
faults:
  - {when: {at: 300ms}, do: power-loss, node: p}
  - {when: {after_previous: 0s}, do: power-loss, node: r1}
  - {when: {after_previous: 0s}, do: power-loss, node: r2}
  - {when: {after_previous: 20ms}, do: restart, node: r1}
  - {when: {after_previous: 0s}, do: restart, node: r2}
  - {when: {after_previous: 50ms}, do: promote, node: best}
)",
       {},
       {{"A3", "acknowledged, then lost", AckedLoss, "YYYYY----"}}},

      {"KilledAll",
       "the same, but they are only killed",
       R"(
machine: {flush: 3ms}
network:
  - {from: p, to: [r1, r2], delay: 2ms}
faults:
  - {when: {at: 300ms}, do: kill, node: p}
  - {when: {after_previous: 0s}, do: kill, node: r1}
  - {when: {after_previous: 0s}, do: kill, node: r2}
  - {when: {after_previous: 20ms}, do: restart, node: r1}
  - {when: {after_previous: 0s}, do: restart, node: r2}
  - {when: {after_previous: 50ms}, do: promote, node: best}
)",
       {},
       {{"A3", "acknowledged, then lost", AckedLoss, "YY-------"}}},

      {"FlushFails",
       "each replica's next flush fails, and they stop; later all lose power, the best is promoted",
       kFlushesFail,
       {"replication.timeout=10s"},
       {{"A29", "acknowledged, then lost", AckedLoss, "YYYYY----"}}},

      {"FlushFailsUnnoticed",
       "the same, but they flush again and trust the result",
       kFlushesFail,
       {"cluster.durability.on_fsync_error=retry"},
       {{"A29", "acknowledged, then lost", AckedLoss, "YYYYYYYYY"}}},

      {"SplitBrain",
       "a partition with clients on both sides; the best of the other side is promoted, then it "
       "heals",
       R"(
faults:
  - {when: {at: 200ms}, do: partition, from: alone, to: others}
  - {when: {after_previous: 80ms}, do: promote, node: r1}
  - {when: {after_previous: 450ms}, do: heal, from: alone, to: others}
)",
       {"cluster.groups={alone: [p, client], others: [r1, r2, client]}"},
       {{"A15", "acknowledged, then lost", AckedLoss, "YYdd-----"},
        {"A15", "acknowledged long after the promotion, then lost", LostAckOfOldEpoch, "YYdd-----"},
        {"A33", "the old primary truncates records only it has", EntriesCut, "YYYYYYYYY"}}},

      {"ClockSkew",
       "the primary's wall clock is five seconds ahead",
       R"(
faults:
  - {when: {at: 100ms}, do: clock-skew, node: p, offset: 5s, for: 600ms}
)",
       {},
       {{"A24", "a lag by wall clocks below zero", WallLagBelowZero, "YYYYYYYYY"},
        {"", "acknowledged, then lost", AckedLoss, "---------"}}},

      {"FlappingLink",
       "the link to one replica goes down and up repeatedly",
       R"(
faults:
  - {when: {at: 200ms}, do: flap, from: p, to: r1, period: 200ms, for: 600ms}
)",
       {},
       {{"A34", "acknowledged, then lost", AckedLoss, "---------"},
        {"A34", "not acknowledged, but in the surviving log", UnansweredSurvived, "---------"}}},

      {"Tokens",
       "reads on replicas wait for what their client has seen; a failover loses some of it",
       R"(
network:
  - {from: p, to: [r1, r2], delay: 20ms}
faults:
  - {when: {at: 300ms}, do: kill, node: p}
  - {when: {after_previous: 10ms}, do: promote, node: best}
)",
       {"workload.read_from=any-replica", "workload.read_wait=position",
        "workload.read_own_writes=0.8"},
       {{"A22", "a read that waits for a lost write is answered", LostTokenServed, "---------"},
        {"A22", "such a read is refused", LostTokenRefused, "YY-------"}}},
  };
  return *cases;
}

}  // namespace replsim
