// Metrics of a whole run, one per line: name, label, unit, field of the report, meaning.
#include "simulator/metrics/election_metrics.h"
#include "simulator/metrics/io_metrics.h"
#include "simulator/metrics/metric_of_run.h"
#include "simulator/metrics/metrics.h"
#include "simulator/metrics/phase_metrics.h"
#include "simulator/metrics/protection_metrics.h"

namespace replsim {
namespace {

using Run = proto::RunReport;

std::vector<Metric> Writes() {
  return {
      REPL_OF_RUN("attempted", "writes attempted", kCount, writes(), attempted,
                  "writes that clients sent"),
      REPL_OF_RUN("committed", "writes committed", kCount, writes(), committed,
                  "writes acknowledged to their client"),
      REPL_OF_RUN("rejected", "writes rejected", kCount, writes(), rejected,
                  "writes rejected: they certainly had no effect"),
      REPL_OF_RUN("unknown", "unknown to the client", kCount, writes(), unknown,
                  "writes whose outcome the client does not know"),
      REPL_OF_RUN("acked_survived", "acknowledged and survived", kCount, writes(), acked_survived,
                  "acknowledged, and in the surviving log"),
      REPL_OF_RUN("acked_lost", "acknowledged, then lost", kCount, writes(), acked_lost,
                  "acknowledged, but not in the surviving log"),
      REPL_OF_RUN("protected_lost", "protected, then lost", kCount, writes(), protected_lost,
                  "of acked_lost: writes that were not acknowledged while degraded"),
      REPL_OF_RUN("unacked_survived", "never acknowledged, survived", kCount, writes(),
                  unacked_survived, "in the surviving log, but no client knows the outcome"),
      REPL_OF_RUN("unacked_gone", "rejected and gone", kCount, writes(), unacked_gone,
                  "rejected, and not in the surviving log"),
      REPL_OF_RUN("rejected_survived", "rejected, yet survived", kCount, writes(),
                  rejected_survived, "rejected, but in the surviving log: a violation"),
      REPL_OF_RUN("unknown_survived", "unknown, survived", kCount, writes(), unknown_survived,
                  "outcome unknown to the client, and in the surviving log"),
      REPL_OF_RUN("unknown_gone", "unknown, gone", kCount, writes(), unknown_gone,
                  "outcome unknown to the client, and not in the surviving log"),
      REPL_OF_RUN("holes", "holes in the surviving log", kCount, writes(), holes,
                  "lost writes followed by a surviving write of the same epoch"),
      REPL_OF_RUN("unprotected_acks", "unprotected acknowledgements", kCount, writes(),
                  unprotected_acks, "acknowledgements given while degraded"),
      REPL_OF_RUN("protected_acks", "protected acknowledgements", kCount, writes(), protected_acks,
                  "acknowledgements given while not degraded"),
      REPL_OF_RUN("told_lost", "tickets reported lost", kCount, writes(), told_lost,
                  "writes whose ticket was reported lost: the log of the current primary could no "
                  "longer contain them"),
      REPL_OF_RUN("told_lost_survived", "reported lost, yet survived", kCount, writes(),
                  told_lost_survived,
                  "of told_lost: writes that are in the surviving log nevertheless"),
      REPL_OF_RUN("tickets", "tickets issued", kCount, writes(), tickets,
                  "writes answered with a ticket before they were durable"),
      REPL_OF_RUN("answered_never_done", "acknowledged or ticketed, then lost", kCount, writes(),
                  answered_never_done,
                  "acknowledged or given a ticket, but not in the surviving log"),
      REPL_OF_RUN("applied_twice", "applied twice", kCount, writes(), applied_twice,
                  "writes that took effect more than once: the surviving log holds several "
                  "requests of them"),
      REPL_OF_RUN(
          "no_effect", "writes without effect", kCount, writes(), no_effect,
          "acknowledged compare-and-sets and appends that changed nothing: the value was not "
          "the expected one, or had no room"),
      REPL_OF_RUN("transactions", "transactions", kCount, writes(), transactions,
                  "of committed: writes of several keys"),
      REPL_OF_RUN("torn_transactions", "torn transactions", kCount, writes(), torn_transactions,
                  "transactions of which a node ended with some keys, but not all; anything above "
                  "0 is a bug"),
      REPL_OF_RUN("retried", "retried", kCount, writes(), retried,
                  "writes that their client sent more than once"),
      REPL_OF_RUN("requests_per_write", "requests per write", kRatio, writes(), requests_per_write,
                  "mean number of attempts and ticket queries per committed write"),
      REPL_OF_RUN("per_second", "committed per second", kPerSecond, writes(), per_second,
                  "writes acknowledged during the load, per second of it"),
  };
}

std::vector<Metric> Latencies() {
  return {
      REPL_TIME_OF_RUN("write_min_ms", "write latency min", latency_us().write(), min,
                       "the fastest committed write: the time that every write needs"),
      REPL_TIME_OF_RUN("write_p50_ms", "write latency p50", latency_us().write(), p50,
                       "of committed writes, from the time they were due"),
      REPL_TIME_OF_RUN("write_p90_ms", "write latency p90", latency_us().write(), p90, ""),
      REPL_TIME_OF_RUN("write_p99_ms", "write latency p99", latency_us().write(), p99, ""),
      REPL_TIME_OF_RUN("write_p999_ms", "write latency p99.9", latency_us().write(), p999, ""),
      REPL_TIME_OF_RUN("write_max_ms", "write latency max", latency_us().write(), max, ""),
      REPL_TIME_OF_RUN("write_mean_ms", "write latency mean", latency_us().write(), mean, ""),
      REPL_TIME_OF_RUN("ticket_min_ms", "time to ticket min", latency_us().ticket(), min,
                       "the fastest ticket"),
      REPL_TIME_OF_RUN("ticket_p50_ms", "time to ticket p50", latency_us().ticket(), p50,
                       "from the time a write was due until its ticket"),
      REPL_TIME_OF_RUN("ticket_p99_ms", "time to ticket p99", latency_us().ticket(), p99, ""),
      REPL_TIME_OF_RUN("gate_min_ms", "time to gate min", latency_us().gate(), min,
                       "the fastest committed write to pass its gate"),
      REPL_TIME_OF_RUN("gate_p50_ms", "time to gate p50", latency_us().gate(), p50,
                       "of committed writes, from the time they were due until they passed the "
                       "gate on their primary; the client learns of it later"),
      REPL_TIME_OF_RUN("gate_p99_ms", "time to gate p99", latency_us().gate(), p99, ""),
      REPL_TIME_OF_RUN("read_min_ms", "read latency min", latency_us().read(), min,
                       "the fastest completed read: the time that every read needs"),
      REPL_TIME_OF_RUN("read_p50_ms", "read latency p50", latency_us().read(), p50,
                       "of completed reads, from the time they were due"),
      REPL_TIME_OF_RUN("read_p90_ms", "read latency p90", latency_us().read(), p90, ""),
      REPL_TIME_OF_RUN("read_p99_ms", "read latency p99", latency_us().read(), p99, ""),
      REPL_TIME_OF_RUN("read_p999_ms", "read latency p99.9", latency_us().read(), p999, ""),
      REPL_TIME_OF_RUN("read_max_ms", "read latency max", latency_us().read(), max, ""),
      REPL_TIME_OF_RUN("read_mean_ms", "read latency mean", latency_us().read(), mean, ""),
  };
}

std::vector<Metric> Reads() {
  return {
      REPL_OF_RUN("reads", "reads", kCount, consistency(), reads, "completed reads"),
      REPL_OF_RUN("replica_reads", "replica reads", kCount, consistency(), replica_reads,
                  "completed reads from a node that was not the primary"),
      REPL_OF_RUN("failed_reads", "reads without an answer", kCount, consistency().failed_reads(),
                  count,
                  "reads that a node refused, that were sent to an unreachable node, or that were "
                  "not answered in time"),
      REPL_OF_RUN("failed_read_rate", "reads without an answer", kPercent,
                  consistency().failed_reads(), rate, "share of all reads"),
      REPL_OF_RUN("stale_reads", "stale reads", kCount, consistency().stale_reads(), count,
                  "reads that missed a write acknowledged before they began; a lost write counts "
                  "until a newer epoch begins, and for its own client always"),
      REPL_OF_RUN("stale_read_rate", "stale reads", kPercent, consistency().stale_reads(), rate,
                  "share of the reads that could have missed a write"),
      REPL_OF_RUN("stale_replica_reads", "stale replica reads", kCount,
                  consistency().stale_replica_reads(), count, "stale reads among replica reads"),
      REPL_OF_RUN("stale_replica_read_rate", "stale replica reads", kPercent,
                  consistency().stale_replica_reads(), rate,
                  "share of the replica reads that could have missed a write"),
      REPL_TIME_OF_RUN("staleness_p50_ms", "staleness p50", consistency().staleness_us(), p50,
                       "of stale reads: time since the first missed write was acknowledged"),
      REPL_TIME_OF_RUN("staleness_p99_ms", "staleness p99", consistency().staleness_us(), p99, ""),
      REPL_TIME_OF_RUN("staleness_max_ms", "staleness max", consistency().staleness_us(), max, ""),
      REPL_OF_RUN("stale_versions_max", "versions behind, max", kCount,
                  consistency().stale_versions(), max,
                  "most writes of its key that a stale read missed"),
      REPL_OF_RUN("phantom_reads", "phantom reads", kCount, consistency().phantom_reads(), count,
                  "reads of a value that is not in the final log: it was lost after it was read"),
      REPL_OF_RUN("read_your_writes", "client missed its own write", kCount,
                  consistency().read_your_writes(), count,
                  "reads that missed the client's own acknowledged write, lost or not; included in "
                  "stale_reads"),
      REPL_OF_RUN("monotonic_reads", "reads that went back in time", kCount,
                  consistency().monotonic_reads(), count,
                  "reads that returned an older value than the client had already read"),
      REPL_OF_RUN("linearizable", "linearizable", kYesNo, consistency().linearizable(), holds,
                  "every operation seems to have happened at one instant between its begin and its "
                  "end, judged by values and times, key by key"),
      REPL_OF_RUN("not_linearizable_keys", "keys not linearizable", kCount,
                  consistency().linearizable(), bad_keys, "of the keys of the load"),
      REPL_OF_RUN("late_by_max_ms", "linearizable but for", kMillis, consistency().linearizable(),
                  late_by_ms,
                  "the smallest time by which every read would have to begin earlier for the run "
                  "to be linearizable"),
      REPL_OF_RUN("late_reads", "late reads", kCount, consistency().linearizable(), late_reads,
                  "reads that began after the value they saw had been overwritten"),
      REPL_TIME_OF_RUN("late_by_p99_ms", "late reads, p99", consistency().linearizable().late_us(),
                       p99, "of late reads: how late"),
      REPL_OF_RUN("consistent_prefix", "reads out of log order", kCount,
                  consistency().consistent_prefix(), count,
                  "reads, over all keys, of what a write had overwritten that the client had seen "
                  "the effects of"),
      REPL_OF_RUN("monotonic_writes", "own writes out of order", kCount,
                  consistency().monotonic_writes(), count,
                  "acknowledged writes that the log has before an earlier one of their client"),
      REPL_OF_RUN("writes_follow_reads", "writes before what was read", kCount,
                  consistency().writes_follow_reads(), count,
                  "acknowledged writes that the log has before what their client had read"),
      REPL_OF_RUN("sequential", "steps out of log order", kCount, consistency().sequential(), count,
                  "reads and writes that do not follow the client's earlier ones in the order of "
                  "the log: 0 if sequentially consistent"),
  };
}

std::vector<Metric> Outcome() {
  return {
      REPL_OF_RUN("converged", "converged", kYesNo, divergence(), converged,
                  "every live node ended with the primary's data"),
      REPL_OF_RUN("digests_equal", "digests equal", kYesNo, divergence(), digests_equal,
                  "the data of all live nodes has the same checksum"),
      REPL_OF_RUN("final_states_equal", "final reads equal", kYesNo, divergence(),
                  final_states_equal, "the final read of every key was the same on each live node"),
      REPL_OF_RUN("truncated_entries", "truncated entries", kCount, divergence(), truncated_entries,
                  "log entries that a returning node truncated"),
      REPL_OF_RUN("failovers", "failovers", kCount, availability(), failovers,
                  "unplanned changes of leadership: the primary was down, paused, partitioned from "
                  "its successor, or no longer able to commit"),
      REPL_OF_RUN("rto_ms", "writes stopped (RTO)", kMillis, availability(), rto_ms,
                  "longest outage of a failover: from the instant writes could no longer be "
                  "acknowledged to the first committed write of a newer epoch; a lower bound if "
                  "the load ended before (rto_at_least)"),
      REPL_OF_RUN(
          "detect_ms", "detection", kMillis, availability(), detect_ms,
          "part of rto_ms: until a node that elected the new primary suspected the old one, "
          "or a promotion by a fault began"),
      REPL_OF_RUN(
          "elect_ms", "election", kMillis, availability(), elect_ms,
          "part of rto_ms: until the new primary was elected; 0 for a promotion by a fault"),
      REPL_OF_RUN("promote_ms", "promotion", kMillis, availability(), promote_ms,
                  "part of rto_ms: until the new primary led"),
      REPL_OF_RUN("discover_ms", "discovery", kMillis, availability(), discover_ms,
                  "part of rto_ms: until clients had found the new primary; 0 if they were told"),
      REPL_OF_RUN("first_write_ms", "first write", kMillis, availability(), first_write_ms,
                  "part of rto_ms: until the first committed write"),
      REPL_OF_RUN("unavailable_ms", "longest time without a write", kMillis, availability(),
                  unavailable_ms, "longest interval in the load without a committed write"),
      REPL_OF_RUN("unavailable_at_end_ms", "without a write at the end", kMillis, availability(),
                  unavailable_at_end_ms, "from the last committed write to the end of the load"),
      REPL_OF_RUN("start_ms", "start to the first write", kMillis, availability(), start_ms,
                  "from the start of the first process to the first committed write"),
      REPL_OF_RUN("rpo_writes", "acknowledged, then lost (RPO)", kCount, availability(), rpo_writes,
                  "the same number as acked_lost"),
      REPL_OF_RUN("rpo_ms", "time span lost (RPO)", kMillis, availability(), rpo_ms,
                  "from the acknowledgement of the first lost write until its primary stopped, or "
                  "until the last lost acknowledgement"),
      REPL_OF_RUN("user_bytes", "user bytes", kBytes, io(), user_bytes,
                  "keys and values in the surviving log"),
      REPL_OF_RUN("log_bytes", "log bytes", kBytes, io(), log_bytes,
                  "size of the same log records, encoded"),
      MetricOfRun(
          "breaches", "violations", MetricUnit::kCount, "violated invariants",
          [](const Run& run) { return MetricValue(static_cast<double>(run.breaches_size())); }),
  };
}

}  // namespace

const std::vector<Metric>& RunMetrics() {
  static const std::vector<Metric>& metrics = *new std::vector<Metric>([] {
    std::vector<Metric> all;
    for (const auto& part : {Writes(), Latencies(), Reads(), Outcome(), IoMetrics(), PhaseMetrics(),
                             ProtectionMetrics(), ElectionMetrics()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    for (Metric& metric : all) {
      metric.better = DirectionOf(metric.name);
      metric.resolution = ResolutionOf(metric.name, metric.unit);
      if (metric.name == "rto_ms") {
        metric.at_least = [](const Run& run) { return run.availability().rto_at_least(); };
      }
    }
    return all;
  }());
  return metrics;
}

}  // namespace replsim
