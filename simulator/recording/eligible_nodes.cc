#include "simulator/recording/eligible_nodes.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/protocol/trace.h"

namespace replsim {
namespace {

TraceKind KindOf(const TraceRecord& record) { return static_cast<TraceKind>(record.kind); }

// The last start was unclean, and no primary has published the node since.
bool EndsUnclean(const NodeRecording& node) {
  const std::vector<int64_t> starts = UncleanStarts(node);
  if (starts.empty()) return false;
  return std::none_of(node.trace->begin(), node.trace->end(), [&](const TraceRecord& record) {
    return KindOf(record) == TraceKind::kEligible && record.time_ns >= starts.back();
  });
}

// The members of the newest set that a witness stores; empty: it stores none.
std::set<size_t> StoredBy(const NodeRecording& witness) {
  std::pair<uint64_t, uint64_t> newest;  // epoch and version
  std::set<size_t> members;
  for (const TraceRecord& record : *witness.trace) {
    if (KindOf(record) != TraceKind::kStores) continue;
    const std::pair<uint64_t, uint64_t> set(record.epoch, record.lsn);
    if (set > newest) members.clear();
    newest = std::max(newest, set);
    if (set == newest) members.insert(record.peer);
  }
  return members;
}

}  // namespace

std::vector<int64_t> UncleanStarts(const NodeRecording& node) {
  std::vector<int64_t> starts;
  bool is_clean = true;  // the first start
  if (!node.trace) return starts;
  for (const TraceRecord& record : *node.trace) {
    if (KindOf(record) == TraceKind::kEnds) is_clean = true;
    if (KindOf(record) != TraceKind::kStarted) continue;
    const bool has_promised = record.epoch > 0;  // otherwise it had reported nothing
    if (!is_clean && has_promised) starts.push_back(record.time_ns);
    is_clean = false;
  }
  return starts;
}

std::vector<size_t> EligibleNodes(const Recording& recording, size_t needed) {
  std::vector<size_t> votes(recording.nodes.size());
  for (const NodeRecording& witness : recording.witnesses) {
    if (!witness.trace) continue;
    const std::set<size_t> members = StoredBy(witness);
    for (size_t node = 0; node < votes.size(); ++node) {
      if (members.empty() || members.contains(node)) ++votes[node];
    }
  }
  std::vector<size_t> eligible;
  for (size_t node = 0; node < votes.size(); ++node) {
    const NodeRecording& recorded = recording.nodes[node];
    if (recorded.trace && votes[node] >= needed && !EndsUnclean(recorded)) eligible.push_back(node);
  }
  return eligible;
}

}  // namespace replsim
