#include "simulator/analysis/evidence/stages.h"

#include "simulator/analysis/evidence/content_epochs.h"

namespace replsim {
namespace {

// Folds one record into the stage's position, whose epoch is left to the caller. False where it
// says nothing about the stage.
bool Advance(const TraceRecord& record, size_t stage, bool first, StagePosition& at) {
  const auto kind = static_cast<TraceKind>(record.kind);
  const StagePosition told{record.epoch, record.lsn, record.bytes};
  if (kind == TraceKind::kStarted) {
    // What a restarted node has applied it must apply again from its log; it reads that in one go.
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
  // The node is there from its first record on, whichever stage that names.
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
