#include "simulator/analysis/evidence/stages.h"

#include "simulator/recording/content_epochs.h"

namespace replsim {
namespace {

// Applies one record to the stage's position; the caller sets the epoch. Returns false if the
// record does not concern the stage.
bool Advance(const TraceRecord& record, size_t stage, bool first, StagePosition& at) {
  const auto kind = static_cast<TraceKind>(record.kind);
  const StagePosition told{record.epoch, record.lsn, record.bytes};
  if (kind == TraceKind::kStarted) {
    // A restarted node applies its log again, in one read. Until then its apply stage keeps the
    // position of before the restart.
    if (stage == kApplyStage && !first && at.lsn <= record.lsn) return true;
    at = told;
    return true;
  }
  if (kind == TraceKind::kTruncated) {
    if (at.lsn > record.lsn) at = {at.epoch, record.lsn, record.bytes};
    return true;
  }
  if (record.kind != static_cast<uint8_t>(TraceKind::kAppend) + stage) return false;
  at = told;
  return true;
}

}  // namespace

StepFunction<StagePosition> StageSteps(const std::vector<TraceRecord>& trace, size_t stage) {
  StepFunction<StagePosition> steps;
  if (trace.empty()) return steps;
  StagePosition at;
  ContentEpochs contents;
  bool first = true;
  // The node exists from its first trace record on, whichever stage that record names.
  if (!Advance(trace.front(), stage, true, at)) steps.Add(trace.front().time_ns, at);
  for (const TraceRecord& record : trace) {
    contents.Take(record);
    if (Advance(record, stage, first, at)) {
      at.epoch = contents.EpochAt(at.lsn);
      steps.Add(record.time_ns, at);
    }
    first = false;
  }
  return steps;
}

}  // namespace replsim
