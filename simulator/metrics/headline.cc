#include "simulator/metrics/headline.h"

#include "common/base/check.h"

namespace replsim {
namespace {

struct Entry {
  const char* metric;
  bool always;
};
constexpr bool kAlways = true;
constexpr bool kWhereItSaysSomething = false;

constexpr Entry kEntries[] = {
    {"acked_lost", kAlways},
    {"rpo_ms", kWhereItSaysSomething},
    {"unknown", kAlways},
    {"rejected", kWhereItSaysSomething},
    {"unprotected_acks", kWhereItSaysSomething},
    {"holes", kWhereItSaysSomething},
    {"applied_twice", kWhereItSaysSomething},
    {"answered_never_done", kWhereItSaysSomething},
    {"breaches", kWhereItSaysSomething},
    {"write_p50_healthy_ms", kWhereItSaysSomething},
    {"write_p99_healthy_ms", kWhereItSaysSomething},
    {"write_p50_ms", kAlways},
    {"write_p99_ms", kAlways},
    {"ticket_p50_ms", kWhereItSaysSomething},
    {"ticket_p99_ms", kWhereItSaysSomething},
    {"read_p50_ms", kWhereItSaysSomething},
    {"read_p99_ms", kWhereItSaysSomething},
    {"per_second", kAlways},
    {"offered_per_second", kWhereItSaysSomething},
    {"goodput_min_per_second", kWhereItSaysSomething},
    {"rto_ms", kWhereItSaysSomething},
    {"unavailable_ms", kAlways},
    {"elections", kWhereItSaysSomething},
    {"wasted_failovers", kWhereItSaysSomething},
    {"read_unavailable_ms", kWhereItSaysSomething},
    {"time_degraded_ms", kWhereItSaysSomething},
    {"time_rejecting_ms", kWhereItSaysSomething},
    {"time_short_set_ms", kWhereItSaysSomething},
    {"time_no_primary_ms", kWhereItSaysSomething},
    {"redundancy_ms", kWhereItSaysSomething},
    {"lag.apply.time.p50", kWhereItSaysSomething},
    {"lag.apply.time.p99", kAlways},
    {"lag.apply.time.max", kWhereItSaysSomething},
    {"lag.apply.entries.p99", kWhereItSaysSomething},
    {"lag.flush.time.p99", kWhereItSaysSomething},
    {"lag.receive.time.p99", kWhereItSaysSomething},
    {"lag.catch_up", kWhereItSaysSomething},
    {"lag.stalled", kWhereItSaysSomething},
    {"failed_read_rate", kWhereItSaysSomething},
    {"stale_read_rate", kWhereItSaysSomething},
    {"stale_replica_read_rate", kWhereItSaysSomething},
    {"staleness_p99_ms", kWhereItSaysSomething},
    {"read_your_writes", kWhereItSaysSomething},
    {"monotonic_reads", kWhereItSaysSomething},
    {"phantom_reads", kWhereItSaysSomething},
    {"linearizable", kWhereItSaysSomething},
    {"late_by_max_ms", kWhereItSaysSomething},
    {"reads_missing_lost_writes", kWhereItSaysSomething},
    {"expected_loss_writes", kWhereItSaysSomething},
    {"exposed_entries_max", kWhereItSaysSomething},
    {"exposed_max_ms", kWhereItSaysSomething},
    {"unreplicated_entries_max", kWhereItSaysSomething},
    {"flushes", kWhereItSaysSomething},
    {"flush_p99_ms", kWhereItSaysSomething},
    {"write_amplification", kWhereItSaysSomething},
    {"loop_stall_max_ms", kWhereItSaysSomething},
    {"truncated_entries", kWhereItSaysSomething},
    {"converged", kAlways},
};

}  // namespace

const std::vector<Headline>& Headlines() {
  static const std::vector<Headline>& headlines = *new std::vector<Headline>([] {
    std::vector<Headline> all;
    for (const Entry& entry : kEntries) {
      absl::StatusOr<Metric> metric = FindMetric(entry.metric);
      REPL_CHECK(metric.ok(), "a headline that names no metric");
      all.push_back({*std::move(metric), entry.always});
    }
    return all;
  }());
  return headlines;
}

}  // namespace replsim
