#include "simulator/cluster/foreign/native_trace.h"

#include <algorithm>
#include <map>
#include <utility>

namespace replsim {
namespace {

class TraceBuilder {
 public:
  TraceBuilder(const NativeRecording& native, const FullLogs& logs, size_t node)
      : native_(native), logs_(logs), node_(node), history_(native.nodes[node]) {}

  std::vector<TraceRecord> Build() {
    for (size_t life = 0; life < history_.lives.size(); ++life) {
      BeginLife(life);
      AddLeads(life);
      AddSteps(life);
    }
    std::stable_sort(
        records_.begin(), records_.end(),
        [](const TraceRecord& a, const TraceRecord& b) { return a.time_ns < b.time_ns; });
    return std::move(records_);
  }

 private:
  void Add(TraceKind kind, const FullLog& log, uint64_t epoch, uint64_t lsn, int64_t time_ns,
           uint16_t peer = 0) {
    TraceRecord record;
    record.kind = static_cast<uint8_t>(kind);
    record.peer = peer;
    record.epoch = static_cast<uint32_t>(epoch);
    record.lsn = lsn;
    record.bytes = log.bytes_at(lsn);
    record.time_ns = time_ns;
    records_.push_back(record);
  }

  // A node starts with the log of its previous life, and truncates what its new primary does not
  // have.
  void BeginLife(size_t life) {
    const FullLog& log = logs_.of(node_, life);
    const int64_t begun = ToNanos(history_.lives[life].begun);
    if (life == 0) {
      kept_ = 0;
      return Add(TraceKind::kStarted, log, 0, 0, begun);
    }
    const FullLog& before = logs_.of(node_, life - 1);
    Add(TraceKind::kStarted, before, before.epoch_at(before.size()), before.size(), begun);
    kept_ = before.CommonWith(log);
    if (kept_ == before.size()) return;
    Add(TraceKind::kTruncated, log, log.epoch_at(kept_), kept_, begun);
  }

  void AddLeads(size_t life) {
    const FullLog& log = logs_.of(node_, life);
    for (const NativeLead& lead : logs_.leads()) {
      if (lead.node != node_ || lead.life != life) continue;
      Add(TraceKind::kLeads, log, lead.epoch, lead.after, ToNanos(lead.begun));
      for (uint64_t lsn = lead.after + 1; lsn <= log.size(); ++lsn) {
        if (log.epoch_at(lsn) != lead.epoch) break;
        const int64_t when = logs_.AppendedAt(log, lsn);
        Add(TraceKind::kAppend, log, lead.epoch, lsn, when);
        Add(TraceKind::kApply, log, lead.epoch, lsn, when);
      }
    }
  }

  // The next process of a node does not read bytes that a relay held for the one before.
  bool Leads(size_t life, Instant when) const {
    const auto leads = [&](const NativeLead& lead) {
      return lead.node == node_ && lead.life == life && lead.begun <= when;
    };
    return std::any_of(logs_.leads().begin(), logs_.leads().end(), leads);
  }

  // A step that names no later entry of this life is one that the node did not live to process.
  void AddSteps(size_t life) {
    const FullLog& log = logs_.of(node_, life);
    std::map<std::pair<TraceKind, NodeId>, uint64_t> reached;
    for (const StageStep& step : native_.steps) {
      if (step.node != history_.node || LifeAt(history_, step.when) != life) continue;
      const bool of_peer = step.stage >= TraceKind::kSend;
      if (of_peer && !Leads(life, step.when)) continue;
      auto [position, first] = reached.try_emplace({step.stage, step.peer}, of_peer ? 0 : kept_);
      const auto lsn = log.Reached(step, position->second);
      if (!lsn) continue;
      position->second = *lsn;
      Add(step.stage, log, log.epoch_at(*lsn), *lsn, ToNanos(step.when), PeerOf(step));
      // A copy is applied with its arrival.
      const bool is_copy = step.native == 0 && step.write.empty();
      if (is_copy && step.stage == TraceKind::kAppend) {
        reached[{TraceKind::kApply, step.peer}] = *lsn;
        Add(TraceKind::kApply, log, log.epoch_at(*lsn), *lsn, ToNanos(step.when));
      }
    }
  }

  uint16_t PeerOf(const StageStep& step) const {
    for (size_t i = 0; i < native_.nodes.size(); ++i) {
      if (native_.nodes[i].node == step.peer) return static_cast<uint16_t>(i);
    }
    return 0;
  }

  const NativeRecording& native_;
  const FullLogs& logs_;
  const size_t node_;
  const NodeHistory& history_;
  uint64_t kept_ = 0;
  std::vector<TraceRecord> records_;
};

}  // namespace

std::vector<TraceRecord> TraceOf(const NativeRecording& native, const FullLogs& logs, size_t node) {
  return TraceBuilder(native, logs, node).Build();
}

}  // namespace replsim
