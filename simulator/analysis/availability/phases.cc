#include "simulator/analysis/availability/phases.h"

#include <algorithm>
#include <vector>

#include "common/base/time.h"
#include "common/stats/samples.h"
#include "protos/types.pb.h"
#include "simulator/analysis/availability/interruptions.h"
#include "simulator/analysis/evidence/distribution.h"
#include "simulator/recording/events.h"

namespace replsim {
namespace {

bool IsFault(const proto::RunEvent& event) {
  if (event.kind() == proto::RunEvent::FAULT_ARMED) return false;
  return event.fault() > 0 || IsDeath(event.kind());
}

std::optional<PhaseBounds> WithLength(const PhaseBounds& phase) {
  return phase.begin_ns < phase.end_ns ? std::optional(phase) : std::nullopt;
}

proto::RunReport::Phase Measure(const Recording& recording, const PhaseBounds& bounds) {
  Samples writes;
  Samples reads;
  uint64_t written = 0;
  uint64_t read = 0;
  for (const Operation& operation : recording.operations) {
    if (operation.outcome != proto::COMMITTED) continue;
    if (bounds.Contains(operation.intended_ns)) {
      (operation.is_write ? writes : reads).Add(operation.completed_ns - operation.intended_ns);
    }
    if (bounds.Contains(operation.completed_ns)) ++(operation.is_write ? written : read);
  }
  proto::RunReport::Phase phase;
  const int64_t load = recording.manifest.load_begin_ns();
  phase.set_begin_ms(MillisFrom(bounds.begin_ns - load));
  phase.set_end_ms(MillisFrom(bounds.end_ns - load));
  *phase.mutable_write_us() = ToDistribution(writes, kNanosPerMicro);
  *phase.mutable_read_us() = ToDistribution(reads, kNanosPerMicro);
  const double seconds = static_cast<double>(bounds.end_ns - bounds.begin_ns) / 1e9;
  phase.set_per_second(static_cast<double>(written) / seconds);
  phase.set_reads_per_second(static_cast<double>(read) / seconds);
  return phase;
}

}  // namespace

std::optional<int64_t> FirstFault(const Recording& recording) {
  const int64_t begin = recording.manifest.load_begin_ns();
  const int64_t end = recording.manifest.load_end_ns();
  for (const proto::RunEvent& event : recording.events) {
    const bool inside = event.time_ns() >= begin && event.time_ns() < end;
    if (inside && IsFault(event)) return event.time_ns();
  }
  return std::nullopt;
}

LoadPhases FindPhases(const Recording& recording) {
  const int64_t begin = recording.manifest.load_begin_ns();
  const int64_t end = recording.manifest.load_end_ns();
  const std::optional<int64_t> fault = FirstFault(recording);
  if (!fault) return {WithLength({begin, end, true}), std::nullopt, std::nullopt};
  std::vector<Gap> gaps =
      GapsWithout(recording, [](const Operation& o) { return o.is_write != 0; });
  std::erase_if(gaps, [&fault](const Gap& gap) { return gap.end_ns <= *fault; });
  const std::optional<Gap> longest = LongestOf(gaps);
  LoadPhases phases;
  phases.healthy = WithLength({begin, *fault, false});
  if (!longest) return phases;
  phases.stopped =
      WithLength({std::max(longest->begin_ns, *fault), longest->end_ns, longest->end_ns == end});
  phases.after = WithLength({longest->end_ns, end, true});
  return phases;
}

proto::RunReport::Phases MeasurePhases(const Recording& recording, const LoadPhases& phases) {
  proto::RunReport::Phases out;
  if (phases.healthy) *out.mutable_healthy() = Measure(recording, *phases.healthy);
  if (phases.stopped) *out.mutable_stopped() = Measure(recording, *phases.stopped);
  if (phases.after) *out.mutable_after() = Measure(recording, *phases.after);
  return out;
}

}  // namespace replsim
