#include "simulator/metrics/election_metrics.h"

#include "simulator/metrics/metric_of_run.h"

namespace replsim {

std::vector<Metric> ElectionMetrics() {
  return {
      REPL_OF_RUN("elections", "elections", kCount, elections(), candidacies,
                  "times in the load that a node stood for election: it voted for itself and asked "
                  "the others"),
      REPL_OF_RUN("election_rounds_lost", "elections without a winner", kCount, elections(),
                  rounds_lost, "of elections: those in which the node was not elected"),
      REPL_OF_RUN("wasted_failovers", "wasted failovers", kCount, elections(), wasted_failovers,
                  "failovers by election although the old primary was up, not paused, able to "
                  "commit and reachable from clients when it was deposed"),
      REPL_OF_RUN("step_downs", "primaries that stepped down", kCount, elections(), step_downs,
                  "times in the load that a primary stopped leading because too few nodes answered "
                  "it (failover.lose_lead)"),
      REPL_OF_RUN("dual_primary_ms", "time with two primaries", kMillis, elections(),
                  dual_primary_ms,
                  "time in the load in which two nodes that were up and not paused took themselves "
                  "for the primary"),
      REPL_OF_RUN("dual_acks", "writes acknowledged by a deposed primary", kCount, elections(),
                  dual_acks,
                  "writes whose commit in an older epoch reached the client after a newer primary "
                  "led, from a node that did not know of it yet"),
      REPL_OF_RUN("deposed_stale_reads", "stale reads from a deposed primary", kCount, elections(),
                  deposed_stale_reads,
                  "of stale_reads: answered by a node that had led and did not know yet of the "
                  "newer primary"),
  };
}

}  // namespace replsim
