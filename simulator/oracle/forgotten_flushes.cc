#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_format.h"
#include "simulator/oracle/oracle.h"
#include "simulator/promise/node_durability.h"

namespace replsim {
namespace {

// Disks that may lose flushed data: a bit was flipped, or failed flushes are retried and trusted.
std::set<std::string> BadDisks(const proto::Scenario& resolved, const Recording& recording) {
  std::set<std::string> bad;
  for (const proto::RunEvent& event : recording.events) {
    if (event.kind() == proto::RunEvent::BIT_FLIPPED) bad.insert(event.node());
  }
  const bool flushes_fail =
      std::any_of(resolved.faults().begin(), resolved.faults().end(),
                  [](const proto::Fault& fault) { return fault.do_() == proto::FSYNC_ERROR; });
  if (!flushes_fail) return bad;
  for (const NodeRecording& node : recording.nodes) {
    const proto::OnFsyncError policy =
        DurabilityAsPrimary(resolved.cluster(), node.id).on_fsync_error();
    if (policy == proto::RETRY_FLUSH) bad.insert(node.id);
  }
  return bad;
}

// A known position of a node's disk, in order of time.
struct Fact {
  int64_t time_ns;
  uint64_t lsn;
  enum { kFlushed, kCut, kStarted } kind;
};

std::vector<Fact> FactsOf(const Recording& recording, size_t index) {
  std::vector<Fact> facts;
  for (const TraceRecord& record : *recording.nodes[index].trace) {
    const auto kind = static_cast<TraceKind>(record.kind);
    if (kind == TraceKind::kFlush) facts.push_back({record.time_ns, record.lsn, Fact::kFlushed});
    if (kind == TraceKind::kTruncated) facts.push_back({record.time_ns, record.lsn, Fact::kCut});
    if (kind == TraceKind::kStarted) facts.push_back({record.time_ns, record.lsn, Fact::kStarted});
  }
  return facts;
}

}  // namespace

std::vector<std::string> FindForgottenFlushes(const proto::Scenario& resolved,
                                              const Recording& recording) {
  std::vector<std::string> sentences;
  const std::set<std::string> bad = BadDisks(resolved, recording);
  for (size_t i = 0; i < recording.nodes.size(); ++i) {
    const NodeRecording& node = recording.nodes[i];
    if (!node.trace || bad.contains(node.id)) continue;
    uint64_t flushed = 0;
    for (const Fact& fact : FactsOf(recording, i)) {
      if (fact.kind == Fact::kStarted && fact.lsn < flushed) {
        sentences.push_back(
            absl::StrFormat("%s started with a log up to %d, but had reported up to %d as flushed",
                            node.id, fact.lsn, flushed));
        break;
      }
      flushed = fact.kind == Fact::kFlushed ? std::max(flushed, fact.lsn) : fact.lsn;
    }
  }
  return sentences;
}

}  // namespace replsim
