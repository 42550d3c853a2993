#include <cstddef>

#include "absl/strings/str_format.h"
#include "common/protocol/trace.h"
#include "simulator/oracle/oracle.h"
#include "simulator/recording/eligible_nodes.h"

namespace replsim {
namespace {

// When a primary to which `node` has connected after `start_ns` publishes a set with it; -1: never.
int64_t PublishedAgain(const Recording& recording, size_t node, int64_t start_ns) {
  int64_t first = -1;
  for (const NodeRecording& primary : recording.nodes) {
    bool connected = false;
    for (const TraceRecord& record : *primary.trace) {
      if (record.time_ns < start_ns || record.peer != node) continue;
      const auto kind = static_cast<TraceKind>(record.kind);
      if (kind == TraceKind::kConnected) connected = true;
      if (kind != TraceKind::kJoinsSet || !connected) continue;
      if (first < 0 || record.time_ns < first) first = record.time_ns;
      break;
    }
  }
  return first;
}

}  // namespace

std::vector<std::string> FindIneligibleCandidates(const proto::Scenario& resolved,
                                                  const Recording& recording) {
  std::vector<std::string> sentences;
  if (resolved.failover().unclean_restart() != proto::NOT_ELIGIBLE) return sentences;
  if (resolved.failover().has_unclean_after()) return sentences;
  for (const NodeRecording& node : recording.nodes) {
    if (!node.trace) return sentences;
  }
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    for (const int64_t start_ns : UncleanStarts(recording.nodes[node])) {
      const int64_t again_ns = PublishedAgain(recording, node, start_ns);
      for (const TraceRecord& record : *recording.nodes[node].trace) {
        if (static_cast<TraceKind>(record.kind) != TraceKind::kStands) continue;
        if (record.time_ns < start_ns || (again_ns >= 0 && record.time_ns >= again_ns)) continue;
        sentences.push_back(absl::StrFormat(
            "%s stood for epoch %d after an unclean shutdown, before a primary had published it",
            recording.NodeName(node), record.epoch));
        break;
      }
    }
  }
  return sentences;
}

}  // namespace replsim
