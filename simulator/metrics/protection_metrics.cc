#include "simulator/metrics/protection_metrics.h"

#include "simulator/metrics/metric_of_run.h"

namespace replsim {
namespace {

using Run = proto::RunReport;

}  // namespace

std::vector<Metric> ProtectionMetrics() {
  return {
      REPL_OF_RUN(
          "expected_loss_writes", "at risk if the primary dies (mean)", kRatio, expected_loss(),
          writes,
          "acknowledged writes on no replica, on average over the time in the load in which "
          "a primary led and ran: what its loss at a random instant would take"),
      REPL_OF_RUN("expected_loss_bytes", "at risk if the primary dies (mean), in bytes", kBytes,
                  expected_loss(), bytes, "the same, as their log records are encoded"),
      REPL_OF_RUN("acked_lost_bytes", "acknowledged, then lost, in bytes", kBytes, writes(),
                  acked_lost_bytes, "of acked_lost: their log records, as encoded"),
      REPL_OF_RUN("time_protected_ms", "time protected", kMillis, primary_states(), protected_ms,
                  "of the load: a primary led and ran under a gate of replicas, and had neither "
                  "degraded nor begun to reject"),
      REPL_OF_RUN("time_degraded_ms", "time degraded", kMillis, primary_states(), degraded_ms,
                  "of the load: it answered after its own log alone (on_timeout: degrade)"),
      REPL_OF_RUN("time_rejecting_ms", "time rejecting writes", kMillis, primary_states(),
                  rejecting_ms, "of the load: it refused new writes (on_timeout: reject)"),
      REPL_OF_RUN("time_unguarded_ms", "time without a replica's guard", kMillis, primary_states(),
                  unguarded_ms,
                  "of the load: a primary led and ran under a gate that waits for no replica"),
      REPL_OF_RUN("time_no_primary_ms", "time without a primary", kMillis, primary_states(),
                  no_primary_ms, "of the load: nobody led, or who led last was dead"),
      MetricOfRun("redundancy_ms", "redundant again after", MetricUnit::kMillis,
                  "longest time from a new primary's beginning to the first write of its own that "
                  "its sync set had; never where the last one had none",
                  [](const Run& run) {
                    return run.recovery().never_redundant() > 0
                               ? MetricValue(kNeverReached)
                               : REPL_FIELD(run.recovery(), redundancy_ms);
                  }),
      REPL_OF_RUN("newest_survivor_ms", "newest surviving write", kMillis, recovery(),
                  newest_survivor_ms,
                  "how old the newest write that a new primary took over was when it began; the "
                  "longest"),
      REPL_OF_RUN("read_unavailable_ms", "longest time without a read", kMillis, interruptions(),
                  read_unavailable_ms, "longest time in the load without an answered read"),
      REPL_OF_RUN("reads_missing_lost_writes", "reads missing lost writes", kCount,
                  consistency().reads_missing_lost_writes(), count,
                  "reads that missed an acknowledged write which is not in the log that survived; "
                  "stale_reads leaves out those of other clients' writes once a newer epoch began"),
  };
}

}  // namespace replsim
