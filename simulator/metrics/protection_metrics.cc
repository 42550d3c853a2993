#include "simulator/metrics/protection_metrics.h"

#include "simulator/metrics/metric_of_run.h"

namespace replsim {
namespace {

using Run = proto::RunReport;

}  // namespace

std::vector<Metric> ProtectionMetrics() {
  return {
      REPL_OF_RUN("expected_loss_writes", "at risk if the primary dies (mean)", kRatio,
                  expected_loss(), writes,
                  "mean number of acknowledged writes that no replica had, while a primary led and "
                  "ran: the loss to expect if it dies at a random instant"),
      REPL_OF_RUN("expected_loss_bytes", "at risk if the primary dies (mean), in bytes", kBytes,
                  expected_loss(), bytes, "the same in bytes of encoded log records"),
      REPL_OF_RUN("acked_lost_bytes", "acknowledged, then lost, in bytes", kBytes, writes(),
                  acked_lost_bytes, "size of the encoded log records of acked_lost"),
      REPL_OF_RUN("time_protected_ms", "time protected", kMillis, primary_states(), protected_ms,
                  "time in the load in which a primary led and ran, its gate waited for replicas, "
                  "and it neither was degraded nor rejected writes"),
      REPL_OF_RUN("time_degraded_ms", "time degraded", kMillis, primary_states(), degraded_ms,
                  "time in the load in which the primary acknowledged without its replicas "
                  "(on_timeout: degrade)"),
      REPL_OF_RUN("time_rejecting_ms", "time rejecting writes", kMillis, primary_states(),
                  rejecting_ms,
                  "time in the load in which the primary rejected new writes (on_timeout: reject)"),
      REPL_OF_RUN(
          "time_unguarded_ms", "time with a gate that waits for no replica", kMillis,
          primary_states(), unguarded_ms,
          "time in the load in which a primary led and ran, and its gate waited for no replica"),
      REPL_OF_RUN("time_short_set_ms", "time with a short in-sync set", kMillis, primary_states(),
                  short_set_ms,
                  "time in the load in which a primary led and ran, and the in-sync set that the "
                  "witnesses stored had fewer replicas than the primary wants (in_sync.size)"),
      REPL_OF_RUN("time_no_primary_ms", "time without a primary", kMillis, primary_states(),
                  no_primary_ms,
                  "time in the load in which no node led, or the last leader was dead"),
      MetricOfRun("redundancy_ms", "time to restore redundancy", MetricUnit::kMillis,
                  "longest time from the start of a new primary to the first of its own writes "
                  "that its sync set had; never, if the last primary had none",
                  [](const Run& run) {
                    return run.recovery().never_redundant() > 0
                               ? MetricValue(kNeverReached)
                               : REPL_FIELD(run.recovery(), redundancy_ms);
                  }),
      REPL_OF_RUN("newest_survivor_ms", "newest surviving write", kMillis, recovery(),
                  newest_survivor_ms,
                  "age of the newest write that a new primary inherited, at the instant it began "
                  "to lead; the maximum over all promotions"),
      REPL_OF_RUN("read_unavailable_ms", "longest time without a read", kMillis, interruptions(),
                  read_unavailable_ms, "longest interval in the load without a completed read"),
      REPL_OF_RUN(
          "reads_missing_lost_writes", "reads missing lost writes", kCount,
          consistency().reads_missing_lost_writes(), count,
          "reads that missed an acknowledged write which is not in the surviving log; once a newer "
          "epoch has begun, stale_reads counts these only for the client's own writes"),
  };
}

}  // namespace replsim
