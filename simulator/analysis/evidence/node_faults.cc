#include "simulator/analysis/evidence/node_faults.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "common/base/time.h"
#include "simulator/analysis/evidence/node_times.h"

namespace replsim {
namespace {

// When `node` led: from the start of each of its epochs until a newer epoch began.
TimeRanges LedBy(const LeadershipHistory& leadership_history, size_t node) {
  const std::vector<Leadership>& all = leadership_history.leaderships();
  TimeRanges led;
  int64_t next = kNeverNs;
  for (size_t i = all.size(); i-- > 0;) {
    if (all[i].node == node) led.push_back({all[i].begin_ns, next});
    next = std::min(next, all[i].begin_ns);
  }
  return Merged(std::move(led));
}

}  // namespace

std::vector<NodeFault> FindNodeFaults(const Recording& recording,
                                      const LeadershipHistory& leadership_history,
                                      const std::vector<FaultInterval>& faults, size_t node) {
  const std::string& id = recording.nodes[node].id;
  TimeRanges outages;
  std::vector<NodeFault> found;
  for (const FaultInterval& fault : faults) {
    if (fault.node != id && fault.peer != id) continue;
    const int64_t end = fault.EndOr(kNeverNs);
    if (fault.kind == Condition::kDown || fault.kind == Condition::kPaused) {
      outages.push_back({fault.begin_ns, end});
    } else if (fault.kind == Condition::kApply || fault.kind == Condition::kShare) {
      found.push_back({true, fault.begin_ns, fault.end_ns});
    } else if (fault.kind == Condition::kCut) {
      const auto other = recording.NodeIndex(fault.node == id ? fault.peer : fault.node);
      if (!other) continue;  // a client
      for (const TimeRange& led : LedBy(leadership_history, *other)) {
        outages.push_back({std::max(led.begin_ns, fault.begin_ns), std::min(led.end_ns, end)});
      }
    }
  }
  for (const TimeRange& outage : Merged(std::move(outages))) {
    const bool ended = outage.end_ns != kNeverNs;
    found.push_back({false, outage.begin_ns, ended ? std::optional(outage.end_ns) : std::nullopt});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const NodeFault& a, const NodeFault& b) { return a.begin_ns < b.begin_ns; });
  return found;
}

}  // namespace replsim
