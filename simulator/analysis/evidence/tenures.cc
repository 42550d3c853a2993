#include "simulator/analysis/evidence/tenures.h"

#include <string>

#include "common/base/time.h"

namespace replsim {
namespace {

// Moves the end of the tenure to `time_ns` if that is earlier.
void EndAt(int64_t time_ns, TenureEnd how, Tenure& tenure) {
  if (time_ns < tenure.begin_ns || time_ns >= tenure.end_ns) return;
  tenure.end_ns = time_ns;
  tenure.ended = how;
}

void EndByTrace(const std::vector<TraceRecord>& trace, Tenure& tenure) {
  bool led = false;
  for (const TraceRecord& record : trace) {
    const auto kind = static_cast<TraceKind>(record.kind);
    if (!led) {
      led = kind == TraceKind::kLeads && record.epoch == tenure.epoch;
      continue;
    }
    if (kind == TraceKind::kFenced) return EndAt(record.time_ns, TenureEnd::kFenced, tenure);
    if (kind == TraceKind::kStepsDown) {
      return EndAt(record.time_ns, TenureEnd::kSteppedDown, tenure);
    }
    if (kind == TraceKind::kStarted) return EndAt(record.time_ns, TenureEnd::kDied, tenure);
    if (kind == TraceKind::kLeads) return EndAt(record.time_ns, TenureEnd::kNone, tenure);
  }
}

}  // namespace

const char* Name(TenureEnd end) {
  switch (end) {
    case TenureEnd::kNone:
      return "";
    case TenureEnd::kFenced:
      return "fenced";
    case TenureEnd::kSteppedDown:
      return "stepped down";
    case TenureEnd::kDied:
      return "died";
  }
  return "?";
}

std::vector<Tenure> FindTenures(const Recording& recording,
                                const LeadershipHistory& leadership_history,
                                const std::vector<FaultInterval>& faults) {
  std::vector<Tenure> tenures;
  const std::vector<Leadership>& all = leadership_history.leaderships();
  for (size_t i = 0; i < all.size(); ++i) {
    if (!all[i].traced) continue;
    Tenure tenure{i, all[i].node, all[i].epoch, all[i].begin_ns, kNeverNs, TenureEnd::kNone};
    const NodeRecording& node = recording.nodes[all[i].node];
    EndByTrace(*node.trace, tenure);
    for (const FaultInterval& fault : faults) {
      if (fault.kind != Condition::kDown || fault.node != node.id) continue;
      EndAt(fault.begin_ns, TenureEnd::kDied, tenure);
    }
    tenures.push_back(tenure);
  }
  return tenures;
}

}  // namespace replsim
