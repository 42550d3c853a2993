// Metrics of a whole run. A line each: name, label, unit, where in the report it stands, meaning.
#include "simulator/metrics/io_metrics.h"
#include "simulator/metrics/metric_values.h"
#include "simulator/metrics/metrics.h"

namespace replsim {
namespace {

using Run = proto::RunReport;

Metric Make(const char* name, const char* label, MetricUnit unit, const char* meaning,
            MetricValue (*get)(const Run&)) {
  return {.name = name,
          .label = label,
          .unit = unit,
          .meaning = meaning,
          .of_replica = false,
          .read = [get](const Run& run, const std::string&) { return get(run); },
          .replica = ""};
}

#define REPL_METRIC(name, label, unit, message, field, meaning) \
  Make(name, label, MetricUnit::unit, meaning,                  \
       [](const Run& run) { return REPL_FIELD(run.message, field); })
// Of a distribution in microseconds.
#define REPL_LATENCY(name, label, message, field, meaning) \
  Make(name, label, MetricUnit::kMillis, meaning,          \
       [](const Run& run) { return MicrosToMillis(REPL_FIELD(run.message, field)); })

std::vector<Metric> Writes() {
  return {
      REPL_METRIC("attempted", "writes attempted", kCount, writes(), attempted,
                  "writes that a client asked for"),
      REPL_METRIC("committed", "writes committed", kCount, writes(), committed,
                  "writes answered committed"),
      REPL_METRIC("rejected", "writes rejected", kCount, writes(), rejected,
                  "writes answered rejected: they certainly did not happen"),
      REPL_METRIC("unknown", "unknown to the client", kCount, writes(), unknown,
                  "writes without an answer"),
      REPL_METRIC("acked_survived", "acknowledged and survived", kCount, writes(), acked_survived,
                  "answered committed, and in the log that survived"),
      REPL_METRIC("acked_lost", "acknowledged, then lost", kCount, writes(), acked_lost,
                  "answered committed, and not in the log that survived"),
      REPL_METRIC("protected_lost", "protected, then lost", kCount, writes(), protected_lost,
                  "of those, the ones not answered while degraded"),
      REPL_METRIC("unacked_survived", "never answered, survived", kCount, writes(),
                  unacked_survived, "in the log that survived, and no client knows an answer"),
      REPL_METRIC("unacked_gone", "rejected and gone", kCount, writes(), unacked_gone,
                  "answered rejected, and indeed not in the log that survived"),
      REPL_METRIC("rejected_survived", "rejected, yet survived", kCount, writes(),
                  rejected_survived, "answered rejected, and in the log all the same: a breach"),
      REPL_METRIC("unknown_survived", "unknown, survived", kCount, writes(), unknown_survived,
                  "without an answer, and in the log that survived"),
      REPL_METRIC("unknown_gone", "unknown, gone", kCount, writes(), unknown_gone,
                  "without an answer, and not in the log that survived"),
      REPL_METRIC("holes", "lost below a survivor", kCount, writes(), holes,
                  "lost writes with a later surviving one of the same epoch"),
      REPL_METRIC("unprotected_acks", "unprotected answers", kCount, writes(), unprotected_acks,
                  "answers given while degraded"),
      REPL_METRIC("protected_acks", "protected answers", kCount, writes(), protected_acks,
                  "committed answers given while not degraded"),
      REPL_METRIC("told_lost", "tickets answered lost", kCount, writes(), told_lost,
                  "writes whose ticket was answered lost: the log of whoever led could not contain "
                  "them any more"),
      REPL_METRIC("told_lost_survived", "lost, yet survived", kCount, writes(), told_lost_survived,
                  "of those, the ones in the log that survived all the same"),
      REPL_METRIC("tickets", "tickets given", kCount, writes(), tickets,
                  "writes that were answered with a ticket, before they were durable"),
      REPL_METRIC("answered_never_done", "answered, never done", kCount, writes(),
                  answered_never_done,
                  "given a ticket or answered committed, and not in the log that survived"),
      REPL_METRIC("applied_twice", "applied twice", kCount, writes(), applied_twice,
                  "writes in the log that survived by several requests, each of which took effect"),
      REPL_METRIC("retried", "asked for again", kCount, writes(), retried,
                  "writes that their client asked for more than once"),
      REPL_METRIC("requests_per_write", "requests per write", kRatio, writes(), requests_per_write,
                  "of committed writes: attempts, and questions about their tickets"),
      REPL_METRIC("per_second", "committed per second", kPerSecond, writes(), per_second,
                  "writes committed per second of the load"),
  };
}

std::vector<Metric> Latencies() {
  return {
      REPL_LATENCY("write_min_ms", "write latency min", latency_us().write(), min,
                   "the fastest committed write: what a write waits for in any case"),
      REPL_LATENCY("write_p50_ms", "write latency p50", latency_us().write(), p50,
                   "of committed writes, from when they should have started"),
      REPL_LATENCY("write_p90_ms", "write latency p90", latency_us().write(), p90, ""),
      REPL_LATENCY("write_p99_ms", "write latency p99", latency_us().write(), p99, ""),
      REPL_LATENCY("write_p999_ms", "write latency p99.9", latency_us().write(), p999, ""),
      REPL_LATENCY("write_max_ms", "write latency max", latency_us().write(), max, ""),
      REPL_LATENCY("ticket_min_ms", "ticket after min", latency_us().ticket(), min,
                   "the fastest ticket"),
      REPL_LATENCY("ticket_p50_ms", "ticket after p50", latency_us().ticket(), p50,
                   "from when a write should have started to its ticket"),
      REPL_LATENCY("ticket_p99_ms", "ticket after p99", latency_us().ticket(), p99, ""),
      REPL_LATENCY("gate_min_ms", "gate passed after min", latency_us().gate(), min,
                   "the soonest that a committed write passed its gate"),
      REPL_LATENCY("gate_p50_ms", "gate passed after p50", latency_us().gate(), p50,
                   "of committed writes, from when they should have started to passing the gate on "
                   "their primary; their client learns of it later"),
      REPL_LATENCY("gate_p99_ms", "gate passed after p99", latency_us().gate(), p99, ""),
      REPL_LATENCY("read_min_ms", "read latency min", latency_us().read(), min,
                   "the fastest answered read: what a read waits for in any case"),
      REPL_LATENCY("read_p50_ms", "read latency p50", latency_us().read(), p50,
                   "of answered reads, from when they should have started"),
      REPL_LATENCY("read_p90_ms", "read latency p90", latency_us().read(), p90, ""),
      REPL_LATENCY("read_p99_ms", "read latency p99", latency_us().read(), p99, ""),
      REPL_LATENCY("read_p999_ms", "read latency p99.9", latency_us().read(), p999, ""),
      REPL_LATENCY("read_max_ms", "read latency max", latency_us().read(), max, ""),
  };
}

std::vector<Metric> Reads() {
  return {
      REPL_METRIC("reads", "reads answered", kCount, consistency(), reads, "reads answered"),
      REPL_METRIC("replica_reads", "replica reads", kCount, consistency(), replica_reads,
                  "of those, by a node that was not leading"),
      REPL_METRIC("stale_reads", "stale reads", kCount, consistency().stale_reads(), count,
                  "reads that missed a write answered before they began"),
      REPL_METRIC("stale_read_rate", "stale reads", kPercent, consistency().stale_reads(), rate,
                  "of all reads that could have missed one"),
      REPL_METRIC("stale_replica_reads", "stale replica reads", kCount,
                  consistency().stale_replica_reads(), count, "stale reads among replica reads"),
      REPL_METRIC("stale_replica_read_rate", "stale replica reads", kPercent,
                  consistency().stale_replica_reads(), rate,
                  "of all replica reads that could have missed one"),
      REPL_LATENCY("staleness_p50_ms", "staleness p50", consistency().staleness_us(), p50,
                   "of stale reads: how long ago the first write missed was answered"),
      REPL_LATENCY("staleness_p99_ms", "staleness p99", consistency().staleness_us(), p99, ""),
      REPL_LATENCY("staleness_max_ms", "staleness max", consistency().staleness_us(), max, ""),
      REPL_METRIC("stale_versions_max", "versions behind, max", kCount,
                  consistency().stale_versions(), max,
                  "how many writes of its key a stale read missed at most"),
      REPL_METRIC("phantom_reads", "phantom reads", kCount, consistency().phantom_reads(), count,
                  "reads of a write that did not survive and was never answered"),
      REPL_METRIC("read_your_writes", "own writes not seen", kCount,
                  consistency().read_your_writes(), count,
                  "reads that missed the client's own write"),
      REPL_METRIC("monotonic_reads", "reads that went back", kCount,
                  consistency().monotonic_reads(), count,
                  "reads older than one the client had seen"),
  };
}

std::vector<Metric> Outcome() {
  return {
      REPL_METRIC("converged", "converged", kYesNo, divergence(), converged,
                  "whether every live node ended with the primary's data"),
      REPL_METRIC("digests_equal", "digests equal", kYesNo, divergence(), digests_equal,
                  "whether live nodes hold the same, by checksum"),
      REPL_METRIC("final_states_equal", "final reads equal", kYesNo, divergence(),
                  final_states_equal,
                  "whether the last read of every key was the same on each live node"),
      REPL_METRIC("truncated_entries", "truncated entries", kCount, divergence(), truncated_entries,
                  "log entries cut off when a node came back"),
      REPL_METRIC("failovers", "failovers", kCount, availability(), failovers,
                  "leaderships that began after a leading primary was lost"),
      REPL_METRIC("rto_ms", "writes stopped (RTO)", kMillis, availability(), rto_ms,
                  "fault to the next committed write"),
      REPL_METRIC("detect_ms", "detect", kMillis, availability(), detect_ms,
                  "of that: fault to the promotion's beginning"),
      REPL_METRIC("promote_ms", "promote", kMillis, availability(), promote_ms,
                  "of that: the promotion"),
      REPL_METRIC("first_write_ms", "first write", kMillis, availability(), first_write_ms,
                  "of that: from the promotion's end to the write"),
      REPL_METRIC("unavailable_ms", "longest time without a write", kMillis, availability(),
                  unavailable_ms, "longest time in the load without a committed write"),
      REPL_METRIC("start_ms", "start to the first write", kMillis, availability(), start_ms,
                  "from the first process started to the first committed write"),
      REPL_METRIC("rpo_writes", "RPO", kCount, availability(), rpo_writes,
                  "the same as acked_lost"),
      REPL_METRIC("rpo_ms", "RPO", kMillis, availability(), rpo_ms,
                  "age, at the fault, of the oldest acknowledged write that was lost"),
      REPL_METRIC("user_bytes", "user bytes", kBytes, io(), user_bytes,
                  "keys and values in the log that survived"),
      REPL_METRIC("log_bytes", "log bytes", kBytes, io(), log_bytes, "the same, as encoded"),
      Make("breaches", "breaches", MetricUnit::kCount, "what must never happen and did",
           [](const Run& run) { return MetricValue(static_cast<double>(run.breaches_size())); }),
  };
}

}  // namespace

const std::vector<Metric>& RunMetrics() {
  static const std::vector<Metric>& metrics = *new std::vector<Metric>([] {
    std::vector<Metric> all;
    for (const auto& part : {Writes(), Latencies(), Reads(), Outcome(), IoMetrics()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }());
  return metrics;
}

}  // namespace replsim
