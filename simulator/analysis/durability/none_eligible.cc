#include "simulator/analysis/durability/none_eligible.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/protocol/trace.h"
#include "simulator/promise/scenario_facts.h"
#include "simulator/recording/eligible_nodes.h"

namespace replsim {
namespace {

void Excuse(const std::string& why, proto::RunReport& report) {
  auto& breaches = *report.mutable_breaches();
  const auto ends = std::remove_if(breaches.begin(), breaches.end(), [](const std::string& breach) {
    return absl::StartsWith(breach, "did not converge: ");
  });
  if (ends == breaches.end()) return;
  breaches.erase(ends, breaches.end());
  report.mutable_elections()->set_none_is_eligible(true);
  report.add_notes(absl::StrCat("no node may lead: ", why));
}

bool IsEndOfLog(TraceKind kind) {
  return kind == TraceKind::kStarted || kind == TraceKind::kAppend || kind == TraceKind::kTruncated;
}

// The size of a node's log at the end.
uint64_t LogBytes(const std::vector<TraceRecord>& trace) {
  uint64_t bytes = 0;
  for (const TraceRecord& record : trace) {
    if (IsEndOfLog(static_cast<TraceKind>(record.kind))) bytes = record.bytes;
  }
  return bytes;
}

// The size that the log of the primary of the highest epoch reached.
uint64_t LastLedBytes(const Recording& recording) {
  uint32_t last = 0;
  uint64_t bytes = 0;
  for (const NodeRecording& node : recording.nodes) {
    uint32_t leads = 0;
    for (const TraceRecord& record : *node.trace) {
      const auto kind = static_cast<TraceKind>(record.kind);
      if (kind == TraceKind::kStarted || kind == TraceKind::kFollows) leads = 0;
      if (kind == TraceKind::kLeads) leads = record.epoch;
      if (leads == 0 || leads < last || (kind != TraceKind::kAppend && kind != TraceKind::kLeads)) {
        continue;
      }
      if (leads > last) bytes = 0;
      last = leads;
      bytes = std::max(bytes, record.bytes);
    }
  }
  return bytes;
}

}  // namespace

void ExcuseWhereNoneIsEligible(const proto::Scenario& resolved, const Recording& recording,
                               proto::RunReport& report) {
  if (resolved.failover().unclean_restart() != proto::NOT_ELIGIBLE) return;
  if (!report.divergence().has_converged() || report.divergence().converged()) return;
  const size_t votes = NodesNeeded(resolved.failover().granted_by(), Electorate(resolved));
  if (!EligibleNodes(recording, votes).empty()) return;
  Excuse(absl::StrCat(
             "every member of the in-sync set was restarted after an unclean shutdown and has "
             "not caught up since (failover.unclean_restart); the final log is that of ",
             recording.manifest.final_primary(), ", the newest"),
         report);
}

void ExcuseWhereAllAreTooFarBehind(const proto::Scenario& resolved, const Recording& recording,
                                   proto::RunReport& report) {
  if (!resolved.failover().has_lag_max() || !resolved.failover().has_suspect_after()) return;
  if (!report.divergence().has_converged() || report.divergence().converged()) return;
  uint64_t longest_now = 0;
  for (const NodeRecording& node : recording.nodes) {
    if (!node.trace) return;
    const auto& never = resolved.failover().never_leads();
    if (std::find(never.begin(), never.end(), node.id) != never.end()) continue;
    longest_now = std::max(longest_now, LogBytes(*node.trace));
  }
  const uint64_t led = LastLedBytes(recording);
  if (led < longest_now || led - longest_now <= resolved.failover().lag_max().bytes()) return;
  Excuse(
      absl::StrCat("the log of the last primary had ", led, " bytes, and the longest one that is ",
                   "left has ", longest_now, ", which is too far behind (failover.lag_max)"),
      report);
}

}  // namespace replsim
