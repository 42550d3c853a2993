#include "simulator/analysis/writes/latency.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "protos/types.pb.h"
#include "simulator/analysis/evidence/distribution.h"

namespace replsim {
namespace {

// When the writes of each epoch passed the gate, by their primary's trace.
class GateTimes {
 public:
  explicit GateTimes(const Recording& recording) {
    for (const NodeRecording& node : recording.nodes) {
      if (!node.trace) continue;
      for (const TraceRecord& record : *node.trace) {
        if (static_cast<TraceKind>(record.kind) != TraceKind::kCommit) continue;
        of_epoch_[record.epoch].emplace_back(record.lsn, record.time_ns);
      }
    }
  }

  // Absent if the primary's trace does not show it.
  std::optional<int64_t> Of(const Operation& write) const {
    const auto epoch = of_epoch_.find(write.epoch);
    if (epoch == of_epoch_.end()) return std::nullopt;
    const auto& passed = epoch->second;
    const auto at =
        std::lower_bound(passed.begin(), passed.end(), std::pair(write.lsn, int64_t{0}));
    return at == passed.end() ? std::nullopt : std::optional(at->second);
  }

 private:
  std::map<uint64_t, std::vector<std::pair<uint64_t, int64_t>>> of_epoch_;  // ascending LSN
};

}  // namespace

proto::RunReport::Latencies MeasureLatency(const Recording& recording) {
  const GateTimes gates(recording);
  Samples writes;
  Samples reads;
  Samples tickets;
  Samples passed;
  for (const Operation& operation : recording.operations) {
    if (operation.ticket_ns != 0) tickets.Add(operation.ticket_ns - operation.intended_ns);
    if (operation.outcome != proto::COMMITTED) continue;
    (operation.is_write ? writes : reads).Add(operation.completed_ns - operation.intended_ns);
    if (!operation.is_write) continue;
    const std::optional<int64_t> gate = gates.Of(operation);
    if (gate) passed.Add(*gate - operation.intended_ns);
  }
  proto::RunReport::Latencies latencies;
  *latencies.mutable_write() = ToDistribution(writes, kNanosPerMicro);
  *latencies.mutable_read() = ToDistribution(reads, kNanosPerMicro);
  if (!tickets.empty()) *latencies.mutable_ticket() = ToDistribution(tickets, kNanosPerMicro);
  if (!passed.empty()) *latencies.mutable_gate() = ToDistribution(passed, kNanosPerMicro);
  return latencies;
}

}  // namespace replsim
