#include "simulator/analysis/timeline/lead_lanes.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/evidence/tenures.h"

namespace replsim {
namespace {

constexpr int64_t kMarginMinNs = 20'000'000;

proto::LeadLanes::Kind MarkKind(TraceKind kind) {
  switch (kind) {
    case TraceKind::kSuspects:
      return proto::LeadLanes::SUSPECTS;
    case TraceKind::kAsksPreVotes:
      return proto::LeadLanes::ASKS;
    case TraceKind::kStands:
      return proto::LeadLanes::STANDS;
    case TraceKind::kVotes:
      return proto::LeadLanes::VOTES;
    case TraceKind::kElected:
      return proto::LeadLanes::ELECTED;
    case TraceKind::kPicks:
      return proto::LeadLanes::PICKS;
    case TraceKind::kStepsDown:
      return proto::LeadLanes::STEPS_DOWN;
    case TraceKind::kHandsOver:
      return proto::LeadLanes::HANDS_OVER;
    default:
      return proto::LeadLanes::KIND_UNSPECIFIED;
  }
}

std::string MarkText(const Recording& recording, const ElectionRecord& record) {
  const bool is_witness = record.node >= recording.nodes.size();
  const bool picked = !is_witness && record.peer >= recording.nodes.size();
  switch (record.kind) {
    case TraceKind::kSuspects:
      return "suspects that the primary is gone";
    case TraceKind::kAsksPreVotes:
      return absl::StrCat("asks whether it would be elected for epoch ", record.epoch);
    case TraceKind::kStands:
      return absl::StrCat(is_witness ? "stands to pick the primary of epoch " : "stands for epoch ",
                          record.epoch);
    case TraceKind::kVotes:
      return absl::StrCat("votes for ", recording.NodeName(record.peer), " in epoch ",
                          record.epoch);
    case TraceKind::kElected:
      if (picked) {
        return absl::StrCat("picked by ", recording.NodeName(record.peer), " for epoch ",
                            record.epoch);
      }
      return absl::StrCat(
          is_witness ? "elected to pick the primary of epoch " : "elected for epoch ",
          record.epoch);
    case TraceKind::kPicks:
      return absl::StrCat("tells ", recording.NodeName(record.peer), " to lead epoch ",
                          record.epoch);
    case TraceKind::kStepsDown:
      return absl::StrCat("steps down from epoch ", record.epoch);
    case TraceKind::kHandsOver:
      return absl::StrCat("hands its lead over to ", recording.NodeName(record.peer));
    default:
      return "?";
  }
}

// The changes of the primary's in-sync set, which belong to no election.
void MarkSetChanges(const Recording& recording, size_t node, TimeRange window,
                    proto::LeadLanes::Lane* lane) {
  if (!recording.nodes[node].trace) return;
  for (const TraceRecord& record : *recording.nodes[node].trace) {
    const auto kind = static_cast<TraceKind>(record.kind);
    const bool joins = kind == TraceKind::kJoinsSet;
    if (!joins && kind != TraceKind::kLeavesSet) continue;
    if (record.time_ns < window.begin_ns || record.time_ns > window.end_ns) continue;
    proto::LeadLanes::Mark& mark = *lane->add_marks();
    mark.set_time_s(static_cast<double>(record.time_ns - recording.manifest.load_begin_ns()) / 1e9);
    mark.set_kind(joins ? proto::LeadLanes::JOINS_SET : proto::LeadLanes::LEAVES_SET);
    mark.set_text(absl::StrCat(recording.NodeName(record.peer), joins ? " joins" : " leaves",
                               " the in-sync set of epoch ", record.epoch));
  }
}

// Absent if no record of an election lies inside the load.
std::optional<TimeRange> WindowOf(const Recording& recording, const ElectionRecords& elections) {
  const proto::Manifest& manifest = recording.manifest;
  std::optional<TimeRange> window;
  for (const ElectionRecord& record : elections.all()) {
    if (record.time_ns < manifest.load_begin_ns()) continue;
    if (record.time_ns >= manifest.load_end_ns()) break;
    window = {window ? window->begin_ns : record.time_ns, record.time_ns};
  }
  if (!window) return std::nullopt;
  const int64_t margin = std::max((window->end_ns - window->begin_ns) / 4, kMarginMinNs);
  return TimeRange{std::max(window->begin_ns - margin, manifest.load_begin_ns()),
                   std::min(window->end_ns + margin, manifest.end_ns())};
}

}  // namespace

proto::LeadLanes BuildLeadLanes(const Recording& recording,
                                const LeadershipHistory& leadership_history,
                                const OutageTable& outages) {
  proto::LeadLanes out;
  const std::optional<TimeRange> window = WindowOf(recording, outages.elections);
  if (!window) return out;
  const auto [begin, end] = *window;
  const auto seconds = [&](int64_t ns) {
    return static_cast<double>(ns - recording.manifest.load_begin_ns()) / 1e9;
  };
  out.set_begin_s(seconds(begin));
  out.set_end_s(seconds(end));
  for (size_t i = 0; i < recording.voter_count(); ++i) {
    out.add_lanes()->set_node(recording.voter(i).id);
  }
  for (const Tenure& tenure : FindTenures(recording, leadership_history, outages.faults)) {
    if (tenure.end_ns <= begin || tenure.begin_ns >= end) continue;
    proto::LeadLanes::Leading& bar =
        *out.mutable_lanes(static_cast<int>(tenure.node))->add_leading();
    bar.set_begin_s(seconds(std::max(tenure.begin_ns, begin)));
    bar.set_end_s(seconds(std::min(tenure.end_ns, end)));
    bar.set_epoch(tenure.epoch);
    if (tenure.end_ns < end) bar.set_ended(Name(tenure.ended));
  }
  for (const ElectionRecord& record : outages.elections.all()) {
    if (record.time_ns < begin || record.time_ns > end) continue;
    proto::LeadLanes::Mark& mark = *out.mutable_lanes(static_cast<int>(record.node))->add_marks();
    mark.set_time_s(seconds(record.time_ns));
    mark.set_kind(MarkKind(record.kind));
    mark.set_text(MarkText(recording, record));
  }
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    MarkSetChanges(recording, node, {begin, end}, out.mutable_lanes(static_cast<int>(node)));
  }
  return out;
}

}  // namespace replsim
