#include <algorithm>
#include <cstddef>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "simulator/oracle/oracle.h"

namespace replsim {
namespace {

// Whether the margin covers the clocks: by the slowest clock a primary leads lease - lease_margin,
// and by the fastest one a voter is bound for the lease.
bool ClocksInBounds(const proto::Scenario& resolved) {
  double slowest = 0;
  double fastest = 0;
  for (const proto::Clock& clock : resolved.machine().clocks()) {
    slowest = std::min(slowest, clock.drift());
    fastest = std::max(fastest, clock.drift());
  }
  const auto lease = static_cast<double>(resolved.failover().lease().ns());
  const auto margin = static_cast<double>(resolved.failover().lease_margin().ns());
  return (lease - margin) * (1 + fastest) <= lease * (1 + slowest);
}

// A node that is paused at a failpoint does the rest of its turn when it is resumed. What it
// releases then, it had decided before.
bool PausesInsideATurn(const proto::Scenario& resolved) {
  return std::any_of(resolved.faults().begin(), resolved.faults().end(), [](const auto& fault) {
    return fault.do_() == proto::PAUSE && !fault.when().point().empty();
  });
}

// When each epoch began, with the node that led it.
struct Lead {
  int64_t begin_ns = 0;
  size_t node = 0;
};

std::map<uint32_t, Lead> LeadsOf(const Recording& recording) {
  std::map<uint32_t, Lead> leads;
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    if (!recording.nodes[node].trace) continue;
    for (const TraceRecord& record : *recording.nodes[node].trace) {
      if (static_cast<TraceKind>(record.kind) != TraceKind::kLeads) continue;
      leads.try_emplace(record.epoch, Lead{record.time_ns, node});
    }
  }
  return leads;
}

}  // namespace

std::vector<std::string> FindOverlappingLeads(const proto::Scenario& resolved,
                                              const Recording& recording) {
  std::vector<std::string> sentences;
  const bool holds = resolved.failover().has_lease() && ClocksInBounds(resolved);
  if (!holds || recording.manifest.runtime() == "live") return sentences;
  if (PausesInsideATurn(resolved)) return sentences;
  const std::map<uint32_t, Lead> leads = LeadsOf(recording);
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    if (!recording.nodes[node].trace) continue;
    std::set<uint32_t> told;
    for (const TraceRecord& record : *recording.nodes[node].trace) {
      if (static_cast<TraceKind>(record.kind) != TraceKind::kCommit) continue;
      const auto next = leads.upper_bound(record.epoch);
      if (next == leads.end() || record.time_ns <= next->second.begin_ns) continue;
      if (!told.insert(record.epoch).second) continue;
      sentences.push_back(absl::StrFormat(
          "%s commits in epoch %d, after %s has begun epoch %d, although it leads by a lease",
          recording.NodeName(node), record.epoch, recording.NodeName(next->second.node),
          next->first));
    }
  }
  return sentences;
}

}  // namespace replsim
