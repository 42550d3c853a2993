#include "simulator/metrics/direction.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace replsim {
namespace {

// Names, and prefixes that end in '*'. A metric in neither table has no direction.
constexpr char kLower[] =
    "rejected unknown acked_lost protected_lost holes rejected_survived told_lost "
    "told_lost_survived answered_never_done applied_twice torn_transactions retried "
    "requests_per_write "
    "unprotected_acks breaches "
    "write_* read_* ticket_* gate_* "
    "failed_read* stale* phantom_reads monotonic_reads truncated_entries "
    "not_linearizable_keys late_* consistent_prefix monotonic_writes writes_follow_reads "
    "sequential "
    "rto_ms detect_ms elect_ms promote_ms discover_ms first_write_ms unavailable_ms "
    "unavailable_at_end_ms start_ms "
    "election_rounds_lost wasted_failovers dual_primary_ms dual_acks deposed_stale_reads "
    "rpo_writes rpo_ms "
    "flush_* flushing_ms loop_stall* exposed_* unreplicated_* "
    "node_flush_* node_flushing_ms node_loop_stall* "
    "receive_* apply_* catch_up_ms stalled_ms down_ms lag.* "
    "reads_missing_lost_writes expected_loss_* acked_lost_bytes time_degraded_ms time_rejecting_ms "
    "time_short_set_ms time_no_primary_ms redundancy_ms newest_survivor_ms";
constexpr char kHigher[] =
    "committed per_second* goodput_min_per_second time_protected_ms reads_per_second_* converged "
    "digests_equal final_states_equal linearizable";

std::vector<std::string> Split(absl::string_view names) {
  return absl::StrSplit(names, ' ', absl::SkipEmpty());
}

bool IsIn(const std::vector<std::string>& names, absl::string_view metric) {
  return std::any_of(names.begin(), names.end(), [metric](absl::string_view name) {
    return absl::ConsumeSuffix(&name, "*") ? absl::StartsWith(metric, name) : metric == name;
  });
}

}  // namespace

Direction DirectionOf(absl::string_view metric) {
  if (IsIn(Split(kLower), metric)) return Direction::kLowerIsBetter;
  if (IsIn(Split(kHigher), metric)) return Direction::kHigherIsBetter;
  return Direction::kNeither;
}

std::vector<std::string> NamesWithDirection() {
  std::vector<std::string> names = Split(kLower);
  for (std::string& name : Split(kHigher)) names.push_back(std::move(name));
  return names;
}

}  // namespace replsim
