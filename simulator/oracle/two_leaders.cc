#include <cstddef>
#include <map>

#include "absl/strings/str_format.h"
#include "simulator/oracle/oracle.h"

namespace replsim {

std::vector<std::string> FindTwoLeaders(const Recording& recording) {
  std::vector<std::string> sentences;
  std::map<uint32_t, size_t> leader_of;  // by epoch
  for (size_t i = 0; i < recording.nodes.size(); ++i) {
    const NodeRecording& node = recording.nodes[i];
    if (!node.trace) continue;
    for (const TraceRecord& record : *node.trace) {
      if (static_cast<TraceKind>(record.kind) != TraceKind::kLeads) continue;
      const auto [known, is_new] = leader_of.try_emplace(record.epoch, i);
      if (is_new || known->second == i) continue;
      sentences.push_back(absl::StrFormat("%s leads epoch %d, which %s leads too", node.id,
                                          record.epoch, recording.NodeName(known->second)));
      break;
    }
  }
  return sentences;
}

}  // namespace replsim
