#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "protos/types.pb.h"
#include "simulator/oracle/oracle.h"
#include "simulator/promise/scenario_facts.h"

namespace replsim {
namespace {

// A restarted node shows everything that it recovers, released or not.
bool SomebodyRestarted(const Recording& recording) {
  return std::any_of(recording.events.begin(), recording.events.end(),
                     [](const auto& event) { return event.kind() == proto::RunEvent::RESTARTED; });
}

// Whether every readable write has passed the gate for acknowledgements. With take_over: at-once a
// new primary shows what it inherits before its sync set has it, and another may be elected then.
bool ShowsOnlyWhatIsSafe(const proto::Scenario& resolved, const Recording& recording) {
  const proto::ReplicationSpec& spec = resolved.replication();
  if (spec.visible_after() != spec.ack_after() || spec.on_timeout() == proto::DEGRADE) return false;
  if (spec.visible_after() < proto::REPLICA_RECEIVE) return false;
  if (Elects(resolved) && resolved.failover().take_over() != proto::OWN_RECORD) return false;
  if (resolved.workload().read_from().node() == "primary") return true;
  return spec.replica_apply() == proto::ON_COMMIT && !SomebodyRestarted(recording);
}

// The intervals in which a node knew that it no longer leads.
std::vector<std::pair<int64_t, int64_t>> Fenced(const NodeRecording& node) {
  std::vector<std::pair<int64_t, int64_t>> times;
  if (!node.trace) return times;
  constexpr int64_t kOpen = std::numeric_limits<int64_t>::max();
  for (const TraceRecord& record : *node.trace) {
    const auto kind = static_cast<TraceKind>(record.kind);
    const bool open = !times.empty() && times.back().second == kOpen;
    const bool ends = kind == TraceKind::kFenced || kind == TraceKind::kStepsDown;
    if (ends && !open) times.emplace_back(record.time_ns, kOpen);
    if (open && (kind == TraceKind::kLeads || kind == TraceKind::kStarted)) {
      times.back().second = record.time_ns;
    }
  }
  return times;
}

std::optional<std::string> AnswerOfAFencedPrimary(const Recording& recording) {
  std::vector<std::vector<std::pair<int64_t, int64_t>>> fenced;
  for (const NodeRecording& node : recording.nodes) fenced.push_back(Fenced(node));
  for (const Operation& read : recording.operations) {
    if (read.is_write != 0 || read.outcome != proto::COMMITTED) continue;
    if (read.node >= fenced.size()) continue;
    for (const auto& [from, to] : fenced[read.node]) {
      if (from > read.invoked_ns || to < read.completed_ns) continue;
      return absl::StrFormat(
          "%s answered a read addressed to the primary after it had learned of a newer epoch",
          recording.nodes[read.node].id);
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> FindWrongReads(const proto::Scenario& resolved, const Recording& recording,
                                        const proto::RunReport& report) {
  std::vector<std::string> sentences;
  const proto::RunReport::Consistency& seen = report.consistency();
  const bool nothing_lost = report.writes().has_acked_lost() && report.writes().acked_lost() == 0;
  // Reads of the primary carry no token.
  const bool of_primary = resolved.workload().read_from().node() == "primary";
  const proto::ReadWait wait = of_primary ? proto::NO_WAIT : resolved.workload().read_wait();
  const bool at_position = wait == proto::FOR_POSITION;
  const bool at_own = at_position || wait == proto::FOR_OWN_WRITES;
  if (at_own && nothing_lost && seen.read_your_writes().count() > 0) {
    sentences.push_back(absl::StrFormat("%d reads at a position missed a write of their own client",
                                        seen.read_your_writes().count()));
  }
  if (at_position && nothing_lost && seen.monotonic_reads().count() > 0) {
    sentences.push_back(
        absl::StrFormat("%d reads at a position returned older data than an earlier read",
                        seen.monotonic_reads().count()));
  }
  const bool kept = report.promise().keeps_acknowledged();
  if (kept && ShowsOnlyWhatIsSafe(resolved, recording) && seen.phantom_reads().count() > 0) {
    sentences.push_back(absl::StrFormat("%d reads returned a write that was lost later",
                                        seen.phantom_reads().count()));
  }
  if (kept && report.writes().told_lost_survived() > 0) {
    sentences.push_back(
        absl::StrFormat("%d writes whose ticket was reported lost are in the final log",
                        report.writes().told_lost_survived()));
  }
  if (of_primary) {
    if (const auto breach = AnswerOfAFencedPrimary(recording)) sentences.push_back(*breach);
  }
  return sentences;
}

}  // namespace replsim
