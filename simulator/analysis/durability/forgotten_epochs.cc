#include "simulator/analysis/durability/forgotten_epochs.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace replsim {

std::vector<std::string> FindForgottenEpochs(const Recording& recording) {
  std::vector<std::string> sentences;
  for (const NodeRecording& node : recording.nodes) {
    if (!node.trace) continue;
    uint32_t seen = 0;
    for (const TraceRecord& record : *node.trace) {
      const bool started = static_cast<TraceKind>(record.kind) == TraceKind::kStarted;
      if (started && record.epoch < seen) {
        sentences.push_back(
            absl::StrFormat("%s started with epoch %d, although it had seen epoch %d", node.id,
                            record.epoch, seen));
        break;
      }
      // A candidate that only asks for pre-votes has not raised its epoch yet.
      const bool asks = static_cast<TraceKind>(record.kind) == TraceKind::kAsksPreVotes;
      if (HasLogPosition(record) && !asks) seen = std::max(seen, record.epoch);
    }
  }
  return sentences;
}

}  // namespace replsim
