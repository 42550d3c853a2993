// Metrics of a whole run. A line each: name, label, unit, where in the report it stands, meaning.
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
                  "writes that a client asked for"),
      REPL_OF_RUN("committed", "writes committed", kCount, writes(), committed,
                  "writes answered committed"),
      REPL_OF_RUN("rejected", "writes rejected", kCount, writes(), rejected,
                  "writes answered rejected: they certainly did not happen"),
      REPL_OF_RUN("unknown", "unknown to the client", kCount, writes(), unknown,
                  "writes without an answer"),
      REPL_OF_RUN("acked_survived", "acknowledged and survived", kCount, writes(), acked_survived,
                  "answered committed, and in the log that survived"),
      REPL_OF_RUN("acked_lost", "acknowledged, then lost", kCount, writes(), acked_lost,
                  "answered committed, and not in the log that survived"),
      REPL_OF_RUN("protected_lost", "protected, then lost", kCount, writes(), protected_lost,
                  "of those, the ones not answered while degraded"),
      REPL_OF_RUN("unacked_survived", "never answered, survived", kCount, writes(),
                  unacked_survived, "in the log that survived, and no client knows an answer"),
      REPL_OF_RUN("unacked_gone", "rejected and gone", kCount, writes(), unacked_gone,
                  "answered rejected, and indeed not in the log that survived"),
      REPL_OF_RUN("rejected_survived", "rejected, yet survived", kCount, writes(),
                  rejected_survived, "answered rejected, and in the log all the same: a breach"),
      REPL_OF_RUN("unknown_survived", "unknown, survived", kCount, writes(), unknown_survived,
                  "without an answer, and in the log that survived"),
      REPL_OF_RUN("unknown_gone", "unknown, gone", kCount, writes(), unknown_gone,
                  "without an answer, and not in the log that survived"),
      REPL_OF_RUN("holes", "holes in the surviving log", kCount, writes(), holes,
                  "lost writes with a later surviving one of the same epoch"),
      REPL_OF_RUN("unprotected_acks", "unprotected answers", kCount, writes(), unprotected_acks,
                  "answers given while degraded"),
      REPL_OF_RUN("protected_acks", "protected answers", kCount, writes(), protected_acks,
                  "committed answers given while not degraded"),
      REPL_OF_RUN("told_lost", "tickets answered lost", kCount, writes(), told_lost,
                  "writes whose ticket was answered lost: the log of whoever led could not contain "
                  "them any more"),
      REPL_OF_RUN("told_lost_survived", "lost, yet survived", kCount, writes(), told_lost_survived,
                  "of those, the ones in the log that survived all the same"),
      REPL_OF_RUN("tickets", "tickets given", kCount, writes(), tickets,
                  "writes that were answered with a ticket, before they were durable"),
      REPL_OF_RUN("answered_never_done", "answered, then never applied", kCount, writes(),
                  answered_never_done,
                  "given a ticket or answered committed, and not in the log that survived"),
      REPL_OF_RUN("applied_twice", "applied twice", kCount, writes(), applied_twice,
                  "writes in the log that survived by several requests, each of which took effect"),
      REPL_OF_RUN("retried", "asked for again", kCount, writes(), retried,
                  "writes that their client asked for more than once"),
      REPL_OF_RUN("requests_per_write", "requests per write", kRatio, writes(), requests_per_write,
                  "of committed writes: attempts, and questions about their tickets"),
      REPL_OF_RUN("per_second", "committed per second", kPerSecond, writes(), per_second,
                  "writes whose answer came inside the load, per second of it"),
  };
}

std::vector<Metric> Latencies() {
  return {
      REPL_TIME_OF_RUN("write_min_ms", "write latency min", latency_us().write(), min,
                       "the fastest committed write: what a write waits for in any case"),
      REPL_TIME_OF_RUN("write_p50_ms", "write latency p50", latency_us().write(), p50,
                       "of committed writes, from when they should have started"),
      REPL_TIME_OF_RUN("write_p90_ms", "write latency p90", latency_us().write(), p90, ""),
      REPL_TIME_OF_RUN("write_p99_ms", "write latency p99", latency_us().write(), p99, ""),
      REPL_TIME_OF_RUN("write_p999_ms", "write latency p99.9", latency_us().write(), p999, ""),
      REPL_TIME_OF_RUN("write_max_ms", "write latency max", latency_us().write(), max, ""),
      REPL_TIME_OF_RUN("write_mean_ms", "write latency mean", latency_us().write(), mean, ""),
      REPL_TIME_OF_RUN("ticket_min_ms", "ticket after min", latency_us().ticket(), min,
                       "the fastest ticket"),
      REPL_TIME_OF_RUN("ticket_p50_ms", "ticket after p50", latency_us().ticket(), p50,
                       "from when a write should have started to its ticket"),
      REPL_TIME_OF_RUN("ticket_p99_ms", "ticket after p99", latency_us().ticket(), p99, ""),
      REPL_TIME_OF_RUN("gate_min_ms", "gate passed after min", latency_us().gate(), min,
                       "the soonest that a committed write passed its gate"),
      REPL_TIME_OF_RUN(
          "gate_p50_ms", "gate passed after p50", latency_us().gate(), p50,
          "of committed writes, from when they should have started to passing the gate on "
          "their primary; their client learns of it later"),
      REPL_TIME_OF_RUN("gate_p99_ms", "gate passed after p99", latency_us().gate(), p99, ""),
      REPL_TIME_OF_RUN("read_min_ms", "read latency min", latency_us().read(), min,
                       "the fastest answered read: what a read waits for in any case"),
      REPL_TIME_OF_RUN("read_p50_ms", "read latency p50", latency_us().read(), p50,
                       "of answered reads, from when they should have started"),
      REPL_TIME_OF_RUN("read_p90_ms", "read latency p90", latency_us().read(), p90, ""),
      REPL_TIME_OF_RUN("read_p99_ms", "read latency p99", latency_us().read(), p99, ""),
      REPL_TIME_OF_RUN("read_p999_ms", "read latency p99.9", latency_us().read(), p999, ""),
      REPL_TIME_OF_RUN("read_max_ms", "read latency max", latency_us().read(), max, ""),
      REPL_TIME_OF_RUN("read_mean_ms", "read latency mean", latency_us().read(), mean, ""),
  };
}

std::vector<Metric> Reads() {
  return {
      REPL_OF_RUN("reads", "reads answered", kCount, consistency(), reads, "reads answered"),
      REPL_OF_RUN("replica_reads", "replica reads", kCount, consistency(), replica_reads,
                  "of those, by a node that was not leading"),
      REPL_OF_RUN("stale_reads", "stale reads", kCount, consistency().stale_reads(), count,
                  "reads that missed a write answered before they began; one that was lost counts "
                  "until a newer epoch began, but to its own client always"),
      REPL_OF_RUN("stale_read_rate", "stale reads", kPercent, consistency().stale_reads(), rate,
                  "of all reads that could have missed one"),
      REPL_OF_RUN("stale_replica_reads", "stale replica reads", kCount,
                  consistency().stale_replica_reads(), count, "stale reads among replica reads"),
      REPL_OF_RUN("stale_replica_read_rate", "stale replica reads", kPercent,
                  consistency().stale_replica_reads(), rate,
                  "of all replica reads that could have missed one"),
      REPL_TIME_OF_RUN("staleness_p50_ms", "staleness p50", consistency().staleness_us(), p50,
                       "of stale reads: how long ago the first write missed was answered"),
      REPL_TIME_OF_RUN("staleness_p99_ms", "staleness p99", consistency().staleness_us(), p99, ""),
      REPL_TIME_OF_RUN("staleness_max_ms", "staleness max", consistency().staleness_us(), max, ""),
      REPL_OF_RUN("stale_versions_max", "versions behind, max", kCount,
                  consistency().stale_versions(), max,
                  "how many writes of its key a stale read missed at most"),
      REPL_OF_RUN("phantom_reads", "phantom reads", kCount, consistency().phantom_reads(), count,
                  "reads of a write that did not survive and was never answered"),
      REPL_OF_RUN("read_your_writes", "client missed its own write", kCount,
                  consistency().read_your_writes(), count,
                  "reads that missed the client's own acknowledged write, lost or not: each is "
                  "among stale_reads"),
      REPL_OF_RUN("monotonic_reads", "reads that went back", kCount,
                  consistency().monotonic_reads(), count,
                  "reads older than one the client had seen"),
  };
}

std::vector<Metric> Outcome() {
  return {
      REPL_OF_RUN("converged", "converged", kYesNo, divergence(), converged,
                  "whether every live node ended with the primary's data"),
      REPL_OF_RUN("digests_equal", "digests equal", kYesNo, divergence(), digests_equal,
                  "whether live nodes hold the same, by checksum"),
      REPL_OF_RUN("final_states_equal", "final reads equal", kYesNo, divergence(),
                  final_states_equal,
                  "whether the last read of every key was the same on each live node"),
      REPL_OF_RUN("truncated_entries", "truncated entries", kCount, divergence(), truncated_entries,
                  "log entries cut off when a node came back"),
      REPL_OF_RUN(
          "failovers", "failovers", kCount, availability(), failovers,
          "changes of leadership that were not planned: the primary was down, paused, cut off "
          "from its successor, or could commit nothing any more"),
      REPL_OF_RUN(
          "rto_ms", "writes stopped (RTO)", kMillis, availability(), rto_ms,
          "the longest outage of a failover: from when writes could no longer be acknowledged to "
          "the first committed write of a newer epoch; a lower bound where none was before the "
          "load ended (rto_at_least)"),
      REPL_OF_RUN("detect_ms", "detect", kMillis, availability(), detect_ms,
                  "of that: to the beginning of the promotion"),
      REPL_OF_RUN("promote_ms", "promote", kMillis, availability(), promote_ms,
                  "of that: the promotion"),
      REPL_OF_RUN("first_write_ms", "first write", kMillis, availability(), first_write_ms,
                  "of that: from the promotion's end to the write"),
      REPL_OF_RUN("unavailable_ms", "longest time without a write", kMillis, availability(),
                  unavailable_ms, "longest time in the load without a committed write"),
      REPL_OF_RUN("start_ms", "start to the first write", kMillis, availability(), start_ms,
                  "from the first process started to the first committed write"),
      REPL_OF_RUN("rpo_writes", "RPO", kCount, availability(), rpo_writes,
                  "the same as acked_lost"),
      REPL_OF_RUN(
          "rpo_ms", "RPO", kMillis, availability(), rpo_ms,
          "from the first acknowledgement that was lost to when its primary had stopped, or to "
          "the last one lost"),
      REPL_OF_RUN("user_bytes", "user bytes", kBytes, io(), user_bytes,
                  "keys and values in the log that survived"),
      REPL_OF_RUN("log_bytes", "log bytes", kBytes, io(), log_bytes, "the same, as encoded"),
      MetricOfRun(
          "breaches", "breaches", MetricUnit::kCount, "what must never happen and did",
          [](const Run& run) { return MetricValue(static_cast<double>(run.breaches_size())); }),
  };
}

}  // namespace

const std::vector<Metric>& RunMetrics() {
  static const std::vector<Metric>& metrics = *new std::vector<Metric>([] {
    std::vector<Metric> all;
    for (const auto& part : {Writes(), Latencies(), Reads(), Outcome(), IoMetrics(), PhaseMetrics(),
                             ProtectionMetrics()}) {
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
