#include "simulator/analysis/availability.h"

#include <optional>
#include <vector>

#include "common/base/time.h"
#include "protos/types.pb.h"
#include "simulator/analysis/availability/interruptions.h"

namespace replsim {
namespace {

void MeasureFailovers(const OutageTable& outages, proto::RunReport::Availability& out) {
  const WriteOutage* longest = nullptr;
  for (const LeadershipChange& change : outages.changes) {
    if (change.planned) continue;
    out.set_failovers(out.failovers() + 1);
    if (!change.outage) continue;
    if (longest == nullptr || change.outage->length() > longest->length()) {
      longest = &*change.outage;
    }
  }
  if (longest == nullptr) return;
  out.set_rto_ms(MillisFrom(longest->length()));
  if (longest->at_least) out.set_rto_at_least(true);
  if (!longest->parts) return;
  out.set_detect_ms(MillisFrom(longest->parts->detect_ns));
  out.set_elect_ms(MillisFrom(longest->parts->elect_ns));
  out.set_promote_ms(MillisFrom(longest->parts->promote_ns));
  out.set_discover_ms(MillisFrom(longest->parts->discover_ns));
  out.set_first_write_ms(MillisFrom(longest->parts->first_write_ns));
}

void MeasureGaps(const Recording& recording, proto::RunReport::Availability& out) {
  const auto is_write = [](const Operation& operation) { return operation.is_write != 0; };
  const std::vector<Gap> gaps = GapsWithout(recording, is_write);
  const std::optional<Gap> longest = LongestOf(gaps);
  if (!longest) return;
  out.set_unavailable_ms(MillisFrom(longest->length_ns()));
  out.set_unavailable_at_end_ms(MillisFrom(gaps.back().length_ns()));
}

std::optional<double> StartUp(const Recording& recording) {
  const int64_t begin = recording.manifest.begin_ns();
  if (begin == 0) return std::nullopt;
  for (const Operation& operation : recording.operations) {
    if (!operation.is_write || operation.outcome != proto::COMMITTED) continue;
    return MillisFrom(operation.completed_ns - begin);
  }
  return std::nullopt;
}

void MeasureLoss(const Recording& recording, const Fates& fates, const Losses& losses,
                 proto::RunReport::Availability& out) {
  if (!fates.writes.has_acked_lost()) return;
  out.set_rpo_writes(fates.writes.acked_lost());
  std::vector<const Operation*> lost;
  for (size_t i = 0; i < recording.operations.size(); ++i) {
    if (fates.of[i] == Fate::kAckedLost) lost.push_back(&recording.operations[i]);
  }
  if (const auto rpo = losses.RpoNs(lost)) out.set_rpo_ms(MillisFrom(*rpo));
}

void MeasureDownTimes(const Recording& recording, const NodeTimes& times,
                      proto::RunReport::Availability& out) {
  const proto::Manifest& manifest = recording.manifest;
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    proto::RunReport::DownTime& down = *out.add_down();
    down.set_node(recording.nodes[node].id);
    down.set_down_ms(MillisFrom(
        LengthWithin(times.down(node), manifest.load_begin_ns(), manifest.load_end_ns())));
  }
}

}  // namespace

proto::RunReport::Availability MeasureAvailability(const Recording& recording,
                                                   const LeadershipHistory& leadership_history,
                                                   const Fates& fates, const OutageTable& outages) {
  proto::RunReport::Availability out;
  if (!leadership_history.leaderships().empty()) out.set_failovers(0);
  MeasureFailovers(outages, out);
  MeasureGaps(recording, out);
  if (const std::optional<double> start = StartUp(recording)) out.set_start_ms(*start);
  MeasureLoss(recording, fates, outages.losses, out);
  MeasureDownTimes(recording, outages.times, out);
  return out;
}

}  // namespace replsim
