#include <array>
#include <optional>
#include <vector>

#include "absl/strings/str_format.h"
#include "simulator/oracle/oracle.h"
#include "simulator/oracle/reached.h"

namespace replsim {
namespace {

struct ReplicaStage {
  TraceKind own;
  TraceKind learned;
  const char* name;
};
constexpr std::array<ReplicaStage, 4> kStages = {{
    {TraceKind::kAppend, TraceKind::kPeerReceive, "received"},
    {TraceKind::kWrite, TraceKind::kPeerWrite, "written"},
    {TraceKind::kFlush, TraceKind::kPeerFlush, "flushed"},
    {TraceKind::kApply, TraceKind::kPeerApply, "applied"},
}};

std::optional<size_t> StageOf(TraceKind kind, TraceKind ReplicaStage::*which) {
  for (size_t i = 0; i < kStages.size(); ++i) {
    if (kStages[i].*which == kind) return i;
  }
  return std::nullopt;
}

struct Own {
  std::array<Reached, kStages.size()> stages;
  int64_t last_ns = 0;  // end of its trace; later positions are unknown
};

Own StagesOf(const NodeRecording& node) {
  Own own;
  if (!node.trace) return own;
  for (const TraceRecord& record : *node.trace) {
    own.last_ns = record.time_ns;
    const auto kind = static_cast<TraceKind>(record.kind);
    if (const auto stage = StageOf(kind, &ReplicaStage::own)) {
      own.stages[*stage].Add(record.time_ns, record.lsn);
    }
    // Entries that remain after a truncation are on the disk.
    if (kind == TraceKind::kTruncated) {
      for (size_t stage = 0; stage < 3; ++stage) own.stages[stage].Add(record.time_ns, record.lsn);
    }
  }
  return own;
}

}  // namespace

std::vector<std::string> FindFalseReports(const Recording& recording) {
  std::vector<Own> owns;
  for (const NodeRecording& node : recording.nodes) owns.push_back(StagesOf(node));
  std::vector<std::string> sentences;
  for (const NodeRecording& node : recording.nodes) {
    if (!node.trace) continue;
    for (const TraceRecord& record : *node.trace) {
      const auto stage = StageOf(static_cast<TraceKind>(record.kind), &ReplicaStage::learned);
      if (!stage || record.peer >= owns.size()) continue;
      const Own& own = owns[record.peer];
      if (own.last_ns < record.time_ns) continue;
      const uint64_t there = own.stages[*stage].At(record.time_ns);
      if (record.lsn <= there) continue;
      sentences.push_back(
          absl::StrFormat("%s learned that %s had %s up to %d, but it had %s only up to %d",
                          node.id, recording.NodeName(record.peer), kStages[*stage].name,
                          record.lsn, kStages[*stage].name, there));
      break;
    }
  }
  return sentences;
}

}  // namespace replsim
