#include "simulator/analysis/evidence/evidence_table.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace replsim {
namespace {

using proto::RunReport;

struct Requirement {
  Evidence evidence;
  proto::Source worst = proto::EXACT;  // the least exact source that is accepted
};

struct Analysis {
  const char* name;                // as shown in the report's `absent`
  std::vector<Requirement> needs;  // the first unmet one is the reason
  void (*clear)(RunReport& report);
};

constexpr const char* kInvariants = "checks of the protocol's invariants";
constexpr const char* kMessages = "diagram of messages";
constexpr const char* kExplainedWrites = "life of a write";
constexpr const char* kAtRisk = "writes at risk";
constexpr const char* kDiskIo = "disk I/O";
constexpr const char* kPromise = "the promise of the replication settings";

bool IsReplicationSetting(const RunReport::Setting& setting) {
  return absl::StartsWith(setting.path(), "replication.") ||
         absl::StartsWith(setting.path(), "durability.");
}

const std::vector<Analysis>& Table() {
  using E = Evidence;
  static const std::vector<Analysis>& table = *new std::vector<Analysis>{
      {"what clients were answered",
       {{E::kAnswers}},
       [](RunReport& report) {
         report.clear_writes();
         report.clear_latency_us();
         report.clear_consistency();
         report.clear_availability();
         report.clear_throughput();
         report.clear_phases();
         report.clear_write_with_unknown_us();
         report.clear_interruptions();
         report.mutable_elections()->clear_dual_acks();
         report.mutable_elections()->clear_deposed_stale_reads();
       }},
      {"lag",
       {{E::kStages, proto::SAMPLED}},
       [](RunReport& report) {
         report.clear_lag();
         report.clear_shown_lag();
       }},
      {kAtRisk,
       {{E::kStages}},
       [](RunReport& report) {
         report.mutable_io()->clear_exposed_entries();
         report.mutable_io()->clear_exposed_us();
         report.mutable_io()->clear_unreplicated_entries();
         report.clear_expected_loss();
       }},
      {kDiskIo,
       {{E::kStages}},
       [](RunReport& report) {
         report.mutable_io()->clear_nodes();
         report.mutable_io()->clear_device_bytes();
         report.mutable_io()->clear_write_amplification();
       }},
      {"time to the gate",
       {{E::kStages}},
       [](RunReport& report) { report.mutable_latency_us()->clear_gate(); }},
      {"states of the primary",
       {{E::kStages}, {E::kEpochs}},
       [](RunReport& report) { report.clear_primary_states(); }},
      {"down times of nodes",
       {{E::kProcesses, proto::REPORTED}},
       [](RunReport& report) { report.mutable_availability()->clear_down(); }},
      {"failovers",
       {{E::kEpochs, proto::REPORTED}},
       [](RunReport& report) {
         RunReport::Availability& availability = *report.mutable_availability();
         availability.clear_failovers();
         availability.clear_rto_ms();
         availability.clear_rto_at_least();
         availability.clear_detect_ms();
         availability.clear_elect_ms();
         availability.clear_promote_ms();
         availability.clear_discover_ms();
         availability.clear_first_write_ms();
         report.clear_recovery();
       }},
      {"elections",
       {{E::kStages}, {E::kEpochs}},
       [](RunReport& report) { report.clear_elections(); }},
      {"replica reads",
       {{E::kEpochs, proto::REPORTED}},
       [](RunReport& report) {
         report.mutable_consistency()->clear_replica_reads();
         report.mutable_consistency()->clear_stale_replica_reads();
       }},
      {"stale reads",
       {{E::kPositions}},
       [](RunReport& report) {
         RunReport::Consistency& consistency = *report.mutable_consistency();
         consistency.clear_stale_reads();
         consistency.clear_stale_replica_reads();
         consistency.clear_staleness_us();
         consistency.clear_stale_versions();
       }},
      {"session guarantees",
       {{E::kPositions}},
       [](RunReport& report) {
         report.mutable_consistency()->clear_read_your_writes();
         report.mutable_consistency()->clear_monotonic_reads();
       }},
      {"the order of the log",
       {{E::kLogs}, {E::kPositions}},
       [](RunReport& report) {
         RunReport::Consistency& consistency = *report.mutable_consistency();
         consistency.clear_consistent_prefix();
         consistency.clear_monotonic_writes();
         consistency.clear_writes_follow_reads();
         consistency.clear_sequential();
       }},
      {"phantom reads",
       {{E::kLogs}, {E::kPositions}},
       [](RunReport& report) {
         report.mutable_consistency()->clear_phantom_reads();
         report.mutable_consistency()->clear_reads_missing_lost_writes();
       }},
      {"fates of writes (survived, lost)",
       {{E::kLogs}},
       [](RunReport& report) {
         RunReport::Writes& writes = *report.mutable_writes();
         for (const char* field :
              {"acked_survived", "acked_lost", "unknown_survived", "unknown_gone",
               "unacked_survived", "unacked_gone", "rejected_survived", "holes", "first_lost",
               "protected_lost", "told_lost_survived", "answered_never_done", "applied_twice",
               "first_applied_twice", "acked_lost_bytes", "torn_transactions"}) {
           writes.GetReflection()->ClearField(&writes,
                                              writes.GetDescriptor()->FindFieldByName(field));
         }
         report.mutable_availability()->clear_rpo_writes();
         report.mutable_availability()->clear_rpo_ms();
       }},
      {"size of the log",
       {{E::kLogs}},
       [](RunReport& report) {
         report.mutable_io()->clear_user_bytes();
         report.mutable_io()->clear_log_bytes();
       }},
      {"truncated entries",
       {{E::kLogs}},
       [](RunReport& report) { report.mutable_divergence()->clear_truncated_entries(); }},
      {"digests of the nodes' data",
       {{E::kDigests}},
       [](RunReport& report) {
         report.mutable_divergence()->clear_digests_equal();
         report.mutable_divergence()->clear_digests();
       }},
      {"protection of acknowledgements",
       {{E::kSettings}},
       [](RunReport& report) {
         report.mutable_writes()->clear_unprotected_acks();
         report.mutable_writes()->clear_protected_acks();
       }},
      {kPromise,
       {{E::kSettings}, {E::kLogs}},
       [](RunReport& report) {
         report.clear_promise();
         auto& knobs = *report.mutable_knobs();
         knobs.erase(std::remove_if(knobs.begin(), knobs.end(), IsReplicationSetting), knobs.end());
       }},
      // Clears no field: invariants that were not checked are not listed among the breaches.
      {kInvariants, {{E::kSettings}, {E::kLogs}, {E::kPositions}}, [](RunReport&) {}},
      {"checks of the order of stages", {{E::kStages}}, [](RunReport&) {}},
      {kMessages, {{E::kStages}}, [](RunReport&) {}},
      {kExplainedWrites, {{E::kPositions}}, [](RunReport&) {}},
  };
  return table;
}

const char* Why(Evidence evidence) {
  switch (evidence) {
    case Evidence::kStages:
      return "this cluster records no stage traces";
    case Evidence::kEpochs:
      return "this cluster does not report who led when";
    case Evidence::kProcesses:
      return "this cluster does not report when its nodes start and die";
    case Evidence::kPositions:
      return "this cluster reports no positions";
    case Evidence::kLogs:
      return "this cluster has no log that can be read";
    case Evidence::kDigests:
      return "this cluster reports no digests";
    case Evidence::kSettings:
      return "the scenario's replication settings do not apply to this cluster";
    case Evidence::kAnswers:
      return "this recording's history lacks operations";
  }
  return "?";
}

bool IsDamaged(const Damage& damage, Evidence evidence) {
  if (evidence == Evidence::kAnswers) return damage.history;
  const bool traced = evidence == Evidence::kStages || evidence == Evidence::kEpochs;
  return damage.trace && traced;
}

// Null if the recording has all evidence that the analysis needs.
const Requirement* FirstUnmet(const proto::Manifest& manifest, const Analysis& analysis,
                              const Damage& damage = {}) {
  const auto unmet = std::find_if(
      analysis.needs.begin(), analysis.needs.end(), [&](const Requirement& requirement) {
        return SourceOf(manifest, requirement.evidence) > requirement.worst ||
               IsDamaged(damage, requirement.evidence);
      });
  return unmet == analysis.needs.end() ? nullptr : &*unmet;
}

std::string Reason(const proto::Manifest& manifest, const Damage& damage, Evidence evidence) {
  if (IsDamaged(damage, evidence) && evidence != Evidence::kAnswers) {
    return "this recording lacks the stage trace of a node";
  }
  switch (SourceOf(manifest, evidence)) {
    case proto::REPORTED:
      return "this cluster only reports that itself, and exact evidence is needed";
    case proto::SAMPLED:
      return "this cluster was only sampled, and exact evidence is needed";
    default:
      return Why(evidence);
  }
}

bool IsSupported(const proto::Manifest& manifest, absl::string_view name) {
  for (const Analysis& analysis : Table()) {
    if (analysis.name == name) return FirstUnmet(manifest, analysis) == nullptr;
  }
  return false;
}

proto::Source Known(proto::Source source) {
  return source == proto::SOURCE_UNSPECIFIED ? proto::EXACT : source;
}

}  // namespace

proto::Source SourceOf(const proto::Manifest& manifest, Evidence evidence) {
  if (!manifest.has_evidence()) return proto::EXACT;
  const proto::Manifest::Evidence& said = manifest.evidence();
  switch (evidence) {
    case Evidence::kStages: {
      proto::Source best = proto::ABSENT;
      for (const proto::Manifest::Evidence::Node& node : said.nodes()) {
        best = std::min({best, Known(node.receive()), Known(node.write()), Known(node.flush()),
                         Known(node.apply())});
      }
      return best;
    }
    case Evidence::kEpochs:
      return Known(said.epochs());
    case Evidence::kProcesses:
      return Known(said.processes());
    case Evidence::kPositions:
      return Known(said.positions());
    case Evidence::kLogs:
      return Known(said.logs());
    case Evidence::kDigests:
      return Known(said.digests());
    case Evidence::kSettings:
      return Known(said.settings());
    case Evidence::kAnswers:
      return proto::EXACT;
  }
  return proto::ABSENT;
}

bool CanCheckInvariants(const proto::Manifest& manifest) {
  return IsSupported(manifest, kInvariants);
}
bool CanJudgePromise(const proto::Manifest& manifest) { return IsSupported(manifest, kPromise); }

bool CanDrawMessages(const proto::Manifest& manifest) { return IsSupported(manifest, kMessages); }
bool CanExplainWrites(const proto::Manifest& manifest) {
  return IsSupported(manifest, kExplainedWrites);
}

// A scenario that records no traces has none of any node.
Damage DamageOf(const Recording& recording) {
  Damage damage;
  damage.history = recording.history_is_damaged;
  if (!recording.manifest.complete()) return damage;
  const auto traced =
      std::count_if(recording.nodes.begin(), recording.nodes.end(),
                    [](const NodeRecording& node) { return node.trace.has_value(); });
  damage.trace = traced > 0 && traced < static_cast<int64_t>(recording.nodes.size());
  return damage;
}

namespace {

proto::Source SourceOfStage(const proto::Manifest::Evidence::Node& node, absl::string_view stage) {
  if (stage == "receive") return Known(node.receive());
  if (stage == "write") return Known(node.write());
  if (stage == "flush") return Known(node.flush());
  return Known(node.apply());
}

// A system whose stages are known in part: a stage without a source has no lag.
void ClearUnknownStages(const proto::Manifest& manifest, proto::RunReport& report) {
  bool unknown_flush = false;
  for (const proto::Manifest::Evidence::Node& node : manifest.evidence().nodes()) {
    unknown_flush |= Known(node.flush()) == proto::ABSENT;
    auto& lags = *report.mutable_lag();
    lags.erase(std::remove_if(lags.begin(), lags.end(),
                              [&](const RunReport::Lag& lag) {
                                return lag.replica() == node.node() &&
                                       SourceOfStage(node, lag.stage()) == proto::ABSENT;
                              }),
               lags.end());
  }
  if (!unknown_flush || SourceOf(manifest, Evidence::kStages) == proto::ABSENT) return;
  RunReport::Absent& absent = *report.add_absent();
  absent.set_why("this cluster does not record the flushes of every node");
  for (const Analysis& analysis : Table()) {
    const absl::string_view name = analysis.name;
    if (name != kAtRisk && name != kDiskIo) continue;
    analysis.clear(report);
    absent.add_what(analysis.name);
  }
}

}  // namespace

void ApplyEvidence(const proto::Manifest& manifest, const Damage& damage,
                   proto::RunReport& report) {
  report.clear_absent();
  for (const Analysis& analysis : Table()) {
    const Requirement* unmet = FirstUnmet(manifest, analysis, damage);
    if (unmet == nullptr) continue;
    analysis.clear(report);
    const std::string why = Reason(manifest, damage, unmet->evidence);
    const auto same = std::find_if(report.mutable_absent()->begin(), report.mutable_absent()->end(),
                                   [&](const RunReport::Absent& one) { return one.why() == why; });
    RunReport::Absent& absent =
        same != report.mutable_absent()->end() ? *same : *report.add_absent();
    absent.add_what(analysis.name);
    absent.set_why(why);
  }
  if (manifest.has_evidence()) ClearUnknownStages(manifest, report);
}

}  // namespace replsim
