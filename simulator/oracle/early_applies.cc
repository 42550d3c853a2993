#include <algorithm>
#include <limits>
#include <map>
#include <vector>

#include "absl/strings/str_format.h"
#include "simulator/oracle/oracle.h"
#include "simulator/oracle/reached.h"

namespace replsim {
namespace {

// The positions that primaries had released, over time.
class Released {
 public:
  Released(const proto::Scenario& resolved, const Recording& recording) {
    // With take_over: at-once, a new primary counts its inherited entries as released.
    const bool at_once = resolved.failover().take_over() != proto::OWN_RECORD;
    for (const NodeRecording& node : recording.nodes) {
      if (!node.trace) continue;
      for (const TraceRecord& record : *node.trace) {
        const auto kind = static_cast<TraceKind>(record.kind);
        if (kind == TraceKind::kCommit)
          reigns_[record.epoch].released.Add(record.time_ns, record.lsn);
        if (kind != TraceKind::kLeads) continue;
        reigns_[record.epoch].inherited = record.lsn;
        if (at_once) reigns_[record.epoch].released.Add(record.time_ns, record.lsn);
      }
    }
  }

  // The released position in the log of the primary of `epoch`. Releases of earlier epochs count up
  // to the part that this primary inherited.
  uint64_t At(uint64_t epoch, int64_t time_ns) const {
    const auto own = reigns_.find(epoch);
    const uint64_t inherited = own == reigns_.end() ? 0 : own->second.inherited;
    uint64_t released = 0;
    for (const auto& [of, reign] : reigns_) {
      if (of > epoch) break;
      const uint64_t here = reign.released.At(time_ns);
      released = std::max(released, of == epoch ? here : std::min(here, inherited));
    }
    return released;
  }

 private:
  struct Reign {
    uint64_t inherited = 0;
    Reached released;
  };
  std::map<uint64_t, Reign> reigns_;  // by epoch
};

// When a take-over may first have begun: with take_over: at-once it releases the whole inherited
// log.
int64_t FirstTakeOver(const proto::Scenario& resolved, const Recording& recording) {
  int64_t first = std::numeric_limits<int64_t>::max();
  if (resolved.failover().take_over() == proto::OWN_RECORD) return first;
  for (const proto::RunEvent& event : recording.events) {
    if (event.kind() == proto::RunEvent::PROMOTE_BEGIN) first = std::min(first, event.time_ns());
  }
  for (const NodeRecording& node : recording.nodes) {
    if (!node.trace) continue;
    for (const TraceRecord& record : *node.trace) {
      const bool elected = static_cast<TraceKind>(record.kind) == TraceKind::kElected;
      if (elected) first = std::min(first, record.time_ns);
    }
  }
  return first;
}

}  // namespace

std::vector<std::string> FindEarlyApplies(const proto::Scenario& resolved,
                                          const Recording& recording) {
  std::vector<std::string> sentences;
  if (resolved.replication().replica_apply() != proto::ON_COMMIT) return sentences;
  const Released released(resolved, recording);
  const int64_t until_ns = FirstTakeOver(resolved, recording);
  for (const NodeRecording& node : recording.nodes) {
    if (!node.trace) continue;
    bool follows = false;
    bool deposed = false;    // led, and has learned that it no longer does
    uint64_t shown = 0;      // applied so far
    uint64_t recovered = 0;  // entries recovered, or applied as a primary, count as released
    uint64_t epoch = 0;      // epoch of the primary that it streams from, or streamed from last
    for (const TraceRecord& record : *node.trace) {
      if (record.time_ns >= until_ns) break;
      const auto kind = static_cast<TraceKind>(record.kind);
      if (kind == TraceKind::kStarted || kind == TraceKind::kConnected) epoch = record.epoch;
      if (kind == TraceKind::kStarted) {
        follows = true;
        recovered = record.lsn;
      }
      if (kind == TraceKind::kLeads) follows = deposed = false;
      if (kind == TraceKind::kFenced || kind == TraceKind::kStepsDown) deposed = true;
      // A deposed primary that connects has become a replica.
      if (kind == TraceKind::kConnected && deposed) {
        follows = true;
        recovered = std::max(recovered, shown);
      }
      if (kind == TraceKind::kApply) shown = record.lsn;
      if (kind != TraceKind::kApply || !follows || record.lsn <= recovered) continue;
      const uint64_t allowed = released.At(epoch, record.time_ns);
      if (record.lsn <= allowed) continue;
      sentences.push_back(
          absl::StrFormat("%s applied up to %d, but primaries had released only up to %d", node.id,
                          record.lsn, allowed));
      break;
    }
  }
  return sentences;
}

}  // namespace replsim
