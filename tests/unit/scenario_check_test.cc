// Combinations that cannot work are refused, at the key that must change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "simulator/metrics/metrics.h"
#include "simulator/scenario/scenario.h"

namespace replsim::scenario_check_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kBase[] = "duration: 5s\nworkload: {arrival: {rate: 100/s}}\n";  // two lines

std::string Refusal(const std::string& text) {
  const auto loaded = LoadScenarioText(text, "t.yaml", {}, {});
  return loaded.ok() ? "accepted" : std::string(loaded.status().message());
}
std::string RefusalOf(const std::string& rest) { return Refusal(kBase + rest); }

TEST(CheckReplication, ASyncSetMustFitTheCluster) {
  EXPECT_EQ(RefusalOf("replication: {preset: semi-sync, sync_set: any 3}\n"),
            "t.yaml:3:34: sync_set 'any 3' waits for 3 replicas; the cluster has 2");
  EXPECT_THAT(RefusalOf("replication:\n  preset: semi-sync\n  sync_set: first 1 [r1, r3]\n"),
              StartsWith("t.yaml:5:3: sync_set names unknown replica 'r3'"));
  EXPECT_THAT(RefusalOf("replication:\n  preset: semi-sync\n  sync_set: first 1 [r1, r1]\n"),
              HasSubstr("twice"));
  EXPECT_THAT(RefusalOf("replication:\n  preset: semi-sync\n  sync_set: first 2 [r1]\n"),
              HasSubstr("fewer"));
}

TEST(CheckReplication, AReplicaGateNeedsReplicas) {
  EXPECT_THAT(RefusalOf("cluster: {replicas: 0}\nreplication: {preset: quorum}\n"),
              StartsWith("t.yaml:4:15: ack_after replica-flush (preset quorum) waits for replicas; "
                         "the cluster has none"));
  EXPECT_EQ(RefusalOf("cluster: {replicas: 0}\nreplication: {preset: async}\n"), "accepted");
}

TEST(CheckReplication, NoGateMayWaitForAFlushThatNeverComes) {
  EXPECT_THAT(RefusalOf("cluster: {durability: {sync: os}}\nreplication: {preset: semi-sync}\n"),
              HasSubstr("never flushes"));
  EXPECT_THAT(RefusalOf("cluster: {durability: {sync: os}}\nreplication: {preset: async, "
                        "visible_after: flush}\n"),
              HasSubstr("never flushes"));
  EXPECT_THAT(RefusalOf("cluster: {durability: {sync: os}}\nreplication: {preset: async, "
                        "replica_apply: on-flush}\n"),
              HasSubstr("r1, r2 would never apply"));
  EXPECT_EQ(RefusalOf("cluster: {durability: {sync: os}}\nreplication: {preset: async}\n"),
            "accepted");
}

TEST(CheckReplication, OnlyWritesThatShareAFlushGather) {
  const auto of = [](const std::string& durability) {
    return RefusalOf("cluster: {durability: {" + durability + "}}\n");
  };
  EXPECT_EQ(of("sync: every-batch, group_delay: 2ms, group_size: 8"), "accepted");
  EXPECT_EQ(of("sync: every-write, group_delay: 0s"), "accepted");
  EXPECT_THAT(of("sync: every-write, group_delay: 2ms"),
              AllOf(StartsWith("t.yaml:3:43: cluster.durability.group_delay"),
                    HasSubstr("sync every-write flushes each write separately")));
  EXPECT_THAT(of("sync: interval, group_delay: 2ms"), HasSubstr("lets no write wait for a flush"));
  EXPECT_THAT(of("group_size: 8"), HasSubstr("ends group_delay early, but group_delay is not set"));
  EXPECT_THAT(of("group_delay: 2ms, group_size: 1"), HasSubstr("lets no writes share a flush"));
}

TEST(CheckReplication, ANodesOwnDurabilityIsCheckedWithWhatItOverrides) {
  EXPECT_THAT(RefusalOf("cluster: {nodes: {r3: {durability: {sync: os}}}}\n"),
              StartsWith("t.yaml:3:19: cluster.nodes names unknown node 'r3'"));
  EXPECT_THAT(RefusalOf("cluster: {nodes: {r1: {durability: {sync: os, group_delay: 2ms}}}}\n"),
              HasSubstr("cluster.nodes.r1.durability.group_delay collects"));
  EXPECT_THAT(RefusalOf("cluster: {nodes: {r1: {durabilty: {}}}}\n"),
              HasSubstr("did you mean 'durability'"));
  const std::string one_without =
      "cluster: {nodes: {r1: {durability: {sync: os}}}}\nreplication: {ack_after: replica-flush, "
      "sync_set: ";
  EXPECT_EQ(RefusalOf(one_without + "any 1}\n"), "accepted");
  EXPECT_THAT(RefusalOf(one_without + "all}\n"), HasSubstr("durability.sync os (r1) never"));
}

TEST(CheckReplication, SendAfterIsAStageThatThePrimaryPassesBeforeItSends) {
  EXPECT_EQ(RefusalOf("replication: {preset: async, send_after: flush}\n"), "accepted");
  EXPECT_THAT(RefusalOf("replication: {preset: async, send_after: replica-write}\n"),
              HasSubstr("append, write or flush"));
  EXPECT_THAT(RefusalOf("replication: {preset: sync, order: replicas-first, send_after: write}\n"),
              HasSubstr("replicas-first logs only after sending"));
  EXPECT_THAT(RefusalOf("cluster: {durability: {sync: os}}\n"
                        "replication: {preset: async, send_after: flush}\n"),
              HasSubstr("nothing would be sent to a replica"));
  EXPECT_THAT(RefusalOf("replication: {preset: \"postgres:on\", scale_times: 0}\n"),
              HasSubstr("a number above 0"));
}

TEST(CheckReplication, IoIsOneOfThree) {
  for (const char* io : {"blocking", "thread", "io_uring"}) {
    EXPECT_EQ(RefusalOf(absl::StrCat("cluster: {durability: {io: ", io, "}}\n")), "accepted");
  }
  EXPECT_THAT(RefusalOf("cluster: {durability: {io: uring}}\n"),
              HasSubstr("known: thread, blocking, io_uring"));
}

TEST(CheckReplication, DeadlocksAreRefused) {
  EXPECT_THAT(RefusalOf("replication: {preset: sync, replica_apply: on-commit}\n"),
              StartsWith("t.yaml:3:29: ack_after replica-apply waits"));
  EXPECT_THAT(RefusalOf("replication: {preset: async, order: replicas-first}\n"),
              HasSubstr("replicas-first needs"));
  EXPECT_EQ(RefusalOf("replication: {preset: quorum, order: replicas-first}\n"), "accepted");
}

TEST(CheckWorkload, ExactlyOneArrival) {
  EXPECT_THAT(Refusal("duration: 5s\n"), HasSubstr("neither rate nor closed"));
  EXPECT_THAT(Refusal("duration: 5s\nworkload: {arrival: {rate: 1/s, closed: {think: 0s}}}\n"),
              HasSubstr("both rate and closed"));
}

TEST(CheckWorkload, NumbersThatMeanNothingAreRefused) {
  const auto of = [](const std::string& more) {
    return Refusal("duration: 5s\nworkload: {arrival: {rate: 1/s}, " + more + "}\n");
  };
  EXPECT_THAT(of("clients: 0"), HasSubstr("t.yaml:2:34: workload.clients is zero"));
  EXPECT_THAT(of("depth: 4"), HasSubstr("depth belongs to styles future and ticket"));
  EXPECT_THAT(of("mix: {write: 0}"), HasSubstr("all zero"));
  EXPECT_THAT(of("mix: {write: 1, cas: -1}"), HasSubstr("negative"));
  EXPECT_THAT(of("read_from: r9"), HasSubstr("unknown node 'r9'"));
  EXPECT_THAT(of("read_own_writes: 1.5"), HasSubstr("0 to 1"));
  EXPECT_THAT(of("keys: {count: 0}"), HasSubstr("is zero"));
  EXPECT_THAT(of("keys: {exponent: 1}"), HasSubstr("belongs to distribution zipf"));
  EXPECT_THAT(of("deadline: 0s"), HasSubstr("is zero"));
  EXPECT_EQ(of("style: future"), "accepted");
}

TEST(CheckWorkload, AMixMayHaveDeletesAndCompareAndSets) {
  const auto of = [](const std::string& more) {
    return Refusal("duration: 5s\nworkload: {arrival: {rate: 1/s}, " + more + "}\n");
  };
  EXPECT_EQ(of("mix: {cas: 1, delete: 1, read: 2}"), "accepted");
  EXPECT_THAT(of("mix: {delete: 1}, style: ticket"), HasSubstr("can submit only writes"));
  EXPECT_THAT(of("mix: {cas: 1}, style: ticket"), HasSubstr("expected style: blocking"));
  EXPECT_THAT(of("mix: {cas: 1}, retry: new-request"), HasSubstr("retry: same-request or"));
  EXPECT_EQ(of("mix: {append: 1, delete: 1, read: 2}"), "accepted");
  EXPECT_THAT(of("mix: {append: 1, read: 2}"), HasSubstr("neither write nor delete"));
  EXPECT_THAT(of("mix: {append: 1, write: 1, cas: 2}"), HasSubstr("append and cas"));
  EXPECT_THAT(of("mix: {append: 1, write: 1}, value_bytes: 4KiB"), HasSubstr("at most 2048"));
}

TEST(CheckWorkload, EveryNumberHasAnUpperBoundAndSaysIt) {
  const auto of = [](const std::string& workload) {
    return Refusal("duration: 5s\nworkload: {" + workload + "}\n");
  };
  EXPECT_THAT(of("clients: 4000000000, arrival: {rate: 1/s}"), HasSubstr("at most 100000"));
  EXPECT_THAT(of("clients: 5000000, arrival: {rate: 1/s}"),
              StartsWith("t.yaml:2:12: workload.clients is 5000000; expected at most 100000"));
  EXPECT_THAT(of("clients: 1000, style: future, depth: 101, arrival: {rate: 1/s}"),
              HasSubstr("101000 operations in flight; expected at most 100000"));
  EXPECT_THAT(of("arrival: {rate: 1/s}, keys: {count: 4294967296}"),
              HasSubstr("workload.keys.count is 4294967296; expected at most 1000000000"));
  EXPECT_THAT(of("arrival: {rate: 1000000000000/s}"),
              HasSubstr("is 1000000000000/s; expected at most 1000000/s"));
  EXPECT_THAT(of("arrival: {rate: 1/s}, keys: {distribution: zipf, exponent: 11}"),
              HasSubstr("at most 10"));
  EXPECT_THAT(of("arrival: {rate: 1/s}, mix: {write: 1e300}"), HasSubstr("at most 1000000"));
  EXPECT_THAT(of("clients: 4294967296, arrival: {rate: 1/s}"),
              HasSubstr("expected a whole number, at most 4294967295"));
  EXPECT_EQ(of("clients: 100000, arrival: {rate: 1000000/s}, keys: {count: 1000000000}"),
            "accepted");
}

TEST(CheckScenario, EveryCountHasAnUpperBound) {
  EXPECT_THAT(RefusalOf("cluster: {durability: {group_delay: 1ms, group_size: 100001}}\n"),
              StartsWith("t.yaml:3:42: cluster.durability.group_size is 100001; expected at most "
                         "100000"));
  EXPECT_THAT(RefusalOf("replication: {preset: async, sync_set: any 4294967295}\n"),
              HasSubstr("waits for 4294967295 replicas"));
  EXPECT_THAT(RefusalOf("cluster: {replicas: 0}\nreplication: {preset: async, sync_set: any "
                        "4294967295}\n"),
              HasSubstr("expected at most 10000"));
  EXPECT_THAT(Refusal("duration: 5s\nworkload: {arrival: {rate: 0.0000001/s}}\n"),
              HasSubstr("workload.arrival.rate is 0.0000001/s; expected at least 0.000001/s"));
}

TEST(CheckFaults, EveryCountHasAnUpperBound) {
  const auto of = [](const std::string& fault) { return RefusalOf("faults: [{" + fault + "}]\n"); };
  EXPECT_THAT(of("when: {committed: 1000000000001}, do: kill, node: p"),
              StartsWith("t.yaml:3:18: faults[0].when.committed is 1000000000001; expected at most "
                         "1000000000000"));
  const std::string kill = ", do: kill, node: p";
  EXPECT_THAT(of("when: {point: before-primary.ack, hit: 18446744073709551615}" + kill),
              HasSubstr("faults[0].when.hit is 18446744073709551615; expected at most"));
  EXPECT_THAT(of("when: {point: before-primary.ack, lsn: 18446744073709551615}" + kill),
              HasSubstr("faults[0].when.lsn is 18446744073709551615; expected at most"));
  EXPECT_THAT(of("when: {at: 1s}, do: bit-flip, node: r1, lsn: 18446744073709551615"),
              HasSubstr("faults[0].lsn is 18446744073709551615; expected at most"));
  EXPECT_THAT(of("when: {at: 1s}, do: fsync-error, node: r1, flushes: 4294967295"),
              HasSubstr("faults[0].flushes is 4294967295; expected at most 1000000"));
  EXPECT_THAT(of("when: {at: 1s}, every: 1ms, times: 4294967295" + kill),
              HasSubstr("faults[0].times is 4294967295; expected at most 1000000"));
}

TEST(CheckFaults, AClockMayBeBehindAndADurationMayNot) {
  EXPECT_EQ(RefusalOf("faults:\n  - {when: {at: 1s}, do: clock-skew, node: r1, offset: -8h}\n"),
            "accepted");
  EXPECT_EQ(RefusalOf("machine: {clocks: [{node: p, offset: -5s}]}\n"), "accepted");
  EXPECT_THAT(RefusalOf("settle: -5s\n"), HasSubstr("'-5s' is negative"));
  EXPECT_THAT(RefusalOf("machine: {clocks: [{node: p, drift: 11}]}\n"), HasSubstr("at most 10"));
}

TEST(CheckWorkload, TicketsAreAskedAboutOrWatched) {
  const auto of = [](const std::string& more) {
    return Refusal("duration: 5s\nworkload: {arrival: {rate: 1/s}, " + more + "}\n");
  };
  EXPECT_EQ(of("style: ticket"), "accepted");
  EXPECT_EQ(of("style: ticket, poll: 10ms, depth: 3"), "accepted");
  EXPECT_EQ(of("style: ticket, watch: true"), "accepted");
  EXPECT_THAT(of("style: ticket, watch: true, poll: 10ms"), HasSubstr("both poll and watch"));
  EXPECT_THAT(of("style: ticket, poll: 0s"), HasSubstr("workload.poll is zero"));
  EXPECT_THAT(of("poll: 10ms"), HasSubstr("poll belongs to style ticket"));
  EXPECT_THAT(of("style: future, watch: true"), HasSubstr("watch belongs to style ticket"));
  for (const char* retry : {"none", "same-request", "new-request"}) {
    EXPECT_EQ(of(std::string("retry: ") + retry), "accepted");
  }
  EXPECT_THAT(of("retry: always"), HasSubstr("same-request"));
}

TEST(CheckWorkload, ReadsAskWhoIsThere) {
  const auto of = [](const std::string& read_from) {
    return Refusal("duration: 5s\nworkload:\n  arrival: {rate: 1/s}\n  read_from: " + read_from +
                   "\n");
  };
  for (const char* form : {"primary", "any-replica", "p", "r2", "{replicas: 1}", "{replicas: 2}",
                           "[r1]", "[r1, p]", "{nodes: r2}"}) {
    EXPECT_EQ(of(form), "accepted");
  }
  EXPECT_EQ(of("{replicas: 3}"),
            "t.yaml:4:15: read_from {replicas: 3} waits for 3 replicas; the cluster has 2");
  EXPECT_THAT(of("{replicas: 0}"), StartsWith("t.yaml:4:15: workload.read_from.replicas is zero"));
  EXPECT_THAT(of("{replicas: most}"),
              StartsWith("t.yaml:4:25: read 'most' for workload.read_from.replicas"));
  EXPECT_THAT(of("{replica: 1}"), HasSubstr("did you mean 'replicas'?"));
  EXPECT_THAT(of("{node: r1, replicas: 1}"), HasSubstr("several of node, nodes and replicas"));
  EXPECT_THAT(of("{nodes: [r1], replicas: 1}"), HasSubstr("expected one of them"));
  EXPECT_THAT(of("[]"), StartsWith("t.yaml:4:14: read a list for workload.read_from"));
  EXPECT_THAT(of("[r1, primary]"), HasSubstr("unknown node 'primary' in the list of read_from"));
  EXPECT_THAT(of("[r1, r9]"), HasSubstr("unknown node 'r9' in the list of read_from"));
  EXPECT_THAT(of("[r1, r1]"), HasSubstr("read_from names 'r1' twice"));
  EXPECT_THAT(of("r9"), StartsWith("t.yaml:4:3: unknown node 'r9'"));
  EXPECT_THAT(Refusal("duration: 5s\nworkload: {arrival: {rate: 1/s}, read_from: {replicas: 1}}\n"
                      "cluster: {replicas: 0}\n"),
              HasSubstr("the cluster has 0"));
}

TEST(CheckWorkload, ASessionNeedsNodesToChooseFrom) {
  const auto of = [](const std::string& rest) {
    return Refusal("duration: 5s\nworkload:\n  arrival: {rate: 1/s}\n" + rest + "\n");
  };
  for (const char* from : {"any-replica", "[r1, p]"}) {
    for (const char* session : {"{node: pinned}", "{node: moving}", "{node: each-read}", "{}",
                                "{node: moving, moves_every: 1us}"}) {
      EXPECT_EQ(of(absl::StrCat("  read_from: ", from, "\n  session: ", session)), "accepted");
    }
  }
  EXPECT_EQ(of("  session: {node: each-read}"), "accepted");
  EXPECT_EQ(of("  session: {node: pinned}"),
            "t.yaml:4:13: workload.session.node is pinned, and read_from is primary; expected "
            "read_from: any-replica with two or more replicas, or a list such as [r1, r2]");
  for (const char* from : {"r1", "[r1]", "{replicas: 2}"}) {
    EXPECT_THAT(of(absl::StrCat("  read_from: ", from, "\n  session: {node: moving}")),
                HasSubstr("workload.session.node is moving, and "));
  }
  EXPECT_THAT(of("  read_from: any-replica\n  session: {node: pinned}\ncluster: {replicas: 1}"),
              HasSubstr("fewer than two replicas"));
  EXPECT_THAT(of("  read_from: any-replica\n  session: {moves_every: 1s}"),
              HasSubstr("expected node: moving"));
  EXPECT_EQ(of("  read_from: any-replica\n  session: {node: pinned, moves_every: 1s}"), "accepted")
      << "where `node` varies";
  EXPECT_THAT(of("  read_from: any-replica\n  session: {node: moving, moves_every: 0s}"),
              HasSubstr("moves_every is below 1us"));
  EXPECT_THAT(of("  read_from: any-replica\n  session: {node: sticky}"), HasSubstr("pinned"));
  for (const char* wait : {"none", "own-writes", "position"}) {
    EXPECT_EQ(of(absl::StrCat("  read_wait: ", wait)), "accepted");
  }
}

TEST(CheckScenario, TimesAndNamesMustMakeSense) {
  EXPECT_THAT(Refusal("workload: {arrival: {rate: 1/s}}\n"), HasSubstr("duration is missing"));
  EXPECT_THAT(Refusal("duration: 0s\nworkload: {arrival: {rate: 1/s}}\n"),
              HasSubstr("duration is zero"));
  EXPECT_THAT(RefusalOf("name: ../evil\n"), HasSubstr("must be usable as a folder name"));
  EXPECT_THAT(RefusalOf("cluster: {replicas: 10001}\n"), HasSubstr("at most 10000"));
  EXPECT_THAT(RefusalOf("cluster: {heartbeat: {interval: 1s, timeout: 1s}}\n"),
              HasSubstr("longer than"));
}

std::string FaultRefusal(const std::string& fault) {
  return RefusalOf("faults:\n  - " + fault + "\n");
}

TEST(CheckFaults, ExactlyOneTrigger) {
  EXPECT_THAT(FaultRefusal("{do: kill, node: p}"), HasSubstr("no trigger"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s, committed: 5}, do: kill, node: p}"),
              HasSubstr("several triggers"));
  EXPECT_THAT(FaultRefusal("{when: {after_previous: 1s}, do: kill, node: p}"),
              HasSubstr("is the first fault"));
  EXPECT_THAT(FaultRefusal("{when: {at: 5s}, do: kill, node: p}"), HasSubstr("has ended"));
}

TEST(CheckFaults, AnActionNeedsWhatItActsOnAndNothingElse) {
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: kill}"), HasSubstr("has no 'node'"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, node: p}"), HasSubstr("has no 'do'"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: kill, node: r7}"),
              HasSubstr("unknown node 'r7' to kill; did you mean"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: kill, node: best}"),
              HasSubstr("unknown node 'best'"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: set-link, from: p, delay: 1ms}"),
              HasSubstr("has no 'to'"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: set-link, from: p, to: r1}"),
              HasSubstr("sets nothing"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: partition, from: p, to: p}"),
              HasSubstr("on both sides"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: slow-apply, node: r1}"),
              HasSubstr("has no 'apply_delay'"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: kill, node: p, delay: 1ms}"),
              HasSubstr("does not use 'delay'"));
  EXPECT_EQ(FaultRefusal("{when: {at: 1s}, do: restart, node: p}"), "accepted");
}

TEST(CheckFaults, APointMustExistAndBePassed) {
  EXPECT_THAT(FaultRefusal("{when: {point: after-primary.akc}, do: kill, node: p}"),
              HasSubstr("did you mean 'after-primary.ack'?"));
  EXPECT_THAT(FaultRefusal("{when: {point: after-primary.ack}, do: restart, node: p}"),
              HasSubstr("only kill, host-loss, power-loss and pause"));
  EXPECT_THAT(FaultRefusal("{when: {point: after-primary.ack}, do: kill, node: r1}"),
              HasSubstr("never leads"));
  EXPECT_THAT(FaultRefusal("{when: {point: after-replica.ack}, do: kill, node: p}"),
              HasSubstr("never a replica"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s, hit: 3}, do: kill, node: p}"),
              HasSubstr("without a point"));
  EXPECT_EQ(FaultRefusal("{when: {at: 1s}, do: promote, node: r1}\n"
                         "  - {when: {point: after-primary.ack}, do: kill, node: r1}"),
            "accepted");
}

TEST(CheckExpectations, MetricsTestsAndVariantsAreKnown) {
  const auto of = [](const std::string& expect) {
    return RefusalOf("expect:\n  - " + expect + "\n");
  };
  EXPECT_THAT(of("{acked_losd: \"> 0\"}"),
              StartsWith("t.yaml:4:6: unknown metric 'acked_losd'; did you mean 'acked_lost'?"));
  EXPECT_THAT(of("{acked_lost: 0}"), HasSubstr("expected a comparison"));
  EXPECT_THAT(of("{acked_lost: \"> 0 ms\"}"),
              HasSubstr("acked_lost: it is a count and takes a plain number, not ms"));
  EXPECT_THAT(of("{variant: snyc, acked_lost: \"> 0\"}"), HasSubstr("unknown variant 'snyc'"));
  EXPECT_THAT(of("{rto_ms: \"> 2 * sync\"}"), HasSubstr("unknown variant 'sync'"));
  EXPECT_THAT(of("{apply_lag_p99_ms: \"> 1ms\"}"), HasSubstr("needs a replica"));
  EXPECT_THAT(of("{apply_lag_p99_ms.r3: \"> 1ms\"}"), HasSubstr("unknown replica 'r3'"));
  EXPECT_THAT(of("{acked_lost.r1: \"== 0\"}"), HasSubstr("applies to the whole run"));
  EXPECT_EQ(of("{variant: async, rto_ms: \"> 2 * async\", catch_up_ms.r1: \"<= 1.5s\"}"),
            "accepted");
}

TEST(CheckExpectations, AMetricOfAGroupNeedsClientsInSeveral) {
  const auto of = [](const std::string& groups, const std::string& metric) {
    return RefusalOf("cluster: {groups: {" + groups + "}}\nexpect:\n  - {" + metric +
                     ": \"< 1s\"}\n");
  };
  const std::string two = "west: [p, client], east: [r1, r2, client], none: [r1, r2]";
  EXPECT_EQ(of(two, "unavailable_ms.west"), "accepted");
  EXPECT_EQ(of(two, "read_unavailable_ms.east"), "accepted");
  EXPECT_THAT(of(two, "unavailable_ms.wset"),
              HasSubstr("names unknown client group 'wset'; did you mean 'west'?"));
  EXPECT_THAT(of(two, "unavailable_ms.none"), HasSubstr("unknown client group 'none'"));
  EXPECT_THAT(of("west: [p, client], east: [r1, r2]", "unavailable_ms.west"),
              HasSubstr("does not define several groups with clients"));
}

TEST(CheckFaults, RepetitionMustMeanSomething) {
  EXPECT_EQ(FaultRefusal("{when: {at: 1s}, do: kill, node: r1, every: 1s, times: 2, for: 200ms}"),
            "accepted");
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: kill, node: r1, times: 2}"),
              HasSubstr("has times without every"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: kill, node: r1, every: 1s, times: 9}"),
              HasSubstr("would happen for the last time when the load (5s) has ended"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: kill, node: r1, every: 1s, for: 1s}"),
              HasSubstr("would start again (every 1s) before it has ended"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: promote, node: best, for: 1s}"),
              HasSubstr("is instantaneous, so 'for' has nothing to end"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: reset, from: p, to: r1, for: 1s}"),
              HasSubstr("is instantaneous"));
  EXPECT_THAT(FaultRefusal("{when: {point: after-primary.ack}, do: kill, node: p, every: 1s}"),
              HasSubstr("so it cannot repeat"));
}

TEST(CheckFaults, NewFaultsNeedWhatTheyAreMadeOf) {
  EXPECT_EQ(FaultRefusal("{when: {at: 1s}, do: flap, from: p, to: r1, period: 500ms}"), "accepted");
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: flap, from: p, to: r1}"),
              HasSubstr("needs a period"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: flap, from: p, to: r1, period: 1s, share: 1}"),
              HasSubstr("above 0 and below 1"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: slow-node, node: r1}"),
              HasSubstr("needs a share of a processor"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: slow-node, node: r1, share: 0.5}\n"
                           "  - {when: {point: after-primary.ack}, do: pause, node: p}"),
              HasSubstr("cannot be combined with a pause at a point"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: clock-skew, node: r1}"),
              HasSubstr("neither offset nor drift"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: clock-skew, node: r1, drift: -1}"),
              HasSubstr("stops the clock"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: kill, node: r1, share: 0.5}"),
              HasSubstr("does not use 'share'"));
  EXPECT_THAT(FaultRefusal("{when: {at: 1s}, do: set-link, from: p, to: r1, loss: 1}"),
              HasSubstr("expected a probability below 1"));
}

TEST(CheckNetwork, NoStreamStandsWhereARoundTripTakesLongerThanPatience) {
  const std::string far = "network:\n  - {from: p, to: r1, delay: 500ms}\n";
  EXPECT_EQ(RefusalOf(far), "accepted");
  EXPECT_THAT(
      RefusalOf(far + "  - {from: r1, to: p, delay: 500ms}\n"),
      HasSubstr("a round trip between p and r1 of 1s is not below cluster.heartbeat.timeout "
                "(1s), so no stream could stay up"));
  EXPECT_EQ(RefusalOf(far + "  - {from: r1, to: p, delay: 500ms}\n"
                            "cluster: {heartbeat: {timeout: 2s}}\n"),
            "accepted");
  EXPECT_THAT(RefusalOf("network:\n  - {from: p, to: r1, bandwidth: 500bit/s}\n"),
              HasSubstr("one value crosses the link from p to r1 in 1600ms"));
}

TEST(CheckExpectations, EveryMetricCanBeExpectedOfAnyNode) {
  std::string expect = "expect:\n";
  // p too: it comes back as a replica after a failover.
  for (const char* node : {"p", "r1", "r2"}) {
    for (const std::string& name : MetricNames(node)) {
      absl::StrAppend(&expect, "  - {", name, ": \">= 0\"}\n");
    }
  }
  EXPECT_EQ(RefusalOf(expect), "accepted");
}

TEST(CheckExpectations, EveryMistakeIsToldInOneGo) {
  EXPECT_THAT(RefusalOf("expect:\n  - {aply_lag_p99_ms.r1: \"> 0\"}\n"
                        "  - {flush_lag_last_bytes.r9: \"<= 64KiB\", converged: \"== maybe\"}\n"),
              AllOf(HasSubstr("t.yaml:4:6: unknown metric 'aply_lag_p99_ms.r1'; did you mean "
                              "'apply_lag_p99_ms.r1'?"),
                    HasSubstr("t.yaml:5:6: 'flush_lag_last_bytes' names unknown replica 'r9'"),
                    HasSubstr("t.yaml:5:43: unknown variant 'maybe'")));
}

}  // namespace
}  // namespace replsim::scenario_check_test
