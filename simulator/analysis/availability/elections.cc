#include "simulator/analysis/availability/elections.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "protos/types.pb.h"
#include "simulator/analysis/evidence/tenures.h"

namespace replsim {
namespace {

class Elections {
 public:
  Elections(const Recording& recording, const LeadershipHistory& leadership_history,
            const OutageTable& outages, const WorkloadFacts& facts)
      : recording_(recording),
        history_(leadership_history),
        outages_(outages),
        tenures_(FindTenures(recording, leadership_history, outages.faults)) {
    for (const std::string& group : facts.client_groups) {
      client_ends_.push_back(absl::StrCat("client@", group));
    }
    if (client_ends_.empty()) client_ends_.emplace_back("client");
  }

  void CountRecords(proto::Elections& out) const {
    uint64_t stood = 0;
    uint64_t lost = 0;
    uint64_t stepped_down = 0;
    for (const ElectionRecord& record : outages_.elections.all()) {
      if (!InLoad(record.time_ns)) continue;
      if (record.kind == TraceKind::kStepsDown) ++stepped_down;
      if (record.kind != TraceKind::kStands) continue;
      ++stood;
      const auto elected =
          outages_.elections.FirstOf(TraceKind::kElected, record.node, record.epoch);
      if (!elected || *elected < record.time_ns) ++lost;
    }
    out.set_candidacies(stood);
    out.set_rounds_lost(lost);
    out.set_step_downs(stepped_down);
  }

  uint64_t Wasted() const {
    uint64_t wasted = 0;
    for (const LeadershipChange& change : outages_.changes) {
      if (change.elected && InLoad(change.begin_ns) && IsWasted(change)) ++wasted;
    }
    return wasted;
  }

  int64_t DualPrimaryNs() const {
    std::vector<std::pair<int64_t, int>> steps;  // when the number of primaries changes
    for (const Tenure& tenure : tenures_) {
      int64_t from = tenure.begin_ns;
      const auto add = [&](int64_t to) {
        if (from >= to) return;
        steps.emplace_back(from, 1);
        steps.emplace_back(to, -1);
      };
      for (const TimeRange& pause : outages_.times.paused(tenure.node)) {
        if (pause.end_ns <= from || pause.begin_ns >= tenure.end_ns) continue;
        add(pause.begin_ns);
        from = pause.end_ns;
      }
      add(tenure.end_ns);
    }
    std::sort(steps.begin(), steps.end());
    TimeRanges dual;
    int primaries = 0;
    for (size_t i = 0; i < steps.size(); ++i) {
      primaries += steps[i].second;
      if (primaries >= 2) dual.push_back({steps[i].first, steps[i + 1].first});
    }
    return LengthWithin(Merged(std::move(dual)), recording_.manifest.load_begin_ns(),
                        recording_.manifest.load_end_ns());
  }

  bool IsDeposedAnswer(const Operation& operation) const {
    const Tenure* last = nullptr;  // of the node
    for (const Tenure& tenure : tenures_) {
      if (tenure.node != operation.node || tenure.begin_ns > operation.completed_ns) continue;
      last = &tenure;
    }
    if (last == nullptr || (operation.is_write && operation.epoch != last->epoch)) return false;
    const std::optional<int64_t> newer = history_.SupersededAt(last->epoch);
    if (!newer || *newer >= operation.completed_ns) return false;
    return last->end_ns > std::max(*newer, operation.invoked_ns);
  }

 private:
  bool InLoad(int64_t time_ns) const {
    return time_ns >= recording_.manifest.load_begin_ns() &&
           time_ns < recording_.manifest.load_end_ns();
  }

  bool IsWasted(const LeadershipChange& change) const {
    if (change.promoted || change.handed_over || change.stopped_ns) return false;
    const auto old = std::find_if(tenures_.begin(), tenures_.end(), [&](const Tenure& tenure) {
      return tenure.leadership == change.old_index;
    });
    if (old == tenures_.end()) return false;
    const bool fenced = old->ended == TenureEnd::kFenced;
    if (old->end_ns <= change.begin_ns && !fenced) return false;
    return ReachedByClients(old->node, std::min(old->end_ns, change.begin_ns));
  }

  bool ReachedByClients(size_t node, int64_t time_ns) const {
    const std::string& id = recording_.nodes[node].id;
    return std::any_of(client_ends_.begin(), client_ends_.end(), [&](const std::string& clients) {
      return std::none_of(outages_.faults.begin(), outages_.faults.end(),
                          [&](const FaultInterval& fault) {
                            if (fault.kind != Condition::kCut) return false;
                            if (!fault.InForceAt(time_ns)) return false;
                            return (fault.node == id && fault.peer == clients) ||
                                   (fault.node == clients && fault.peer == id);
                          });
    });
  }

  const Recording& recording_;
  const LeadershipHistory& history_;
  const OutageTable& outages_;
  const std::vector<Tenure> tenures_;
  std::vector<std::string> client_ends_;
};

}  // namespace

proto::Elections MeasureElections(const Recording& recording,
                                  const LeadershipHistory& leadership_history,
                                  const OutageTable& outages, const WorkloadFacts& facts,
                                  const std::vector<const Operation*>& stale_reads) {
  proto::Elections out;
  const bool all_traced =
      std::all_of(recording.nodes.begin(), recording.nodes.end(),
                  [](const NodeRecording& node) { return node.trace.has_value(); });
  if (!all_traced) return out;
  const Elections elections(recording, leadership_history, outages, facts);
  elections.CountRecords(out);
  if (leadership_history.leaderships().empty()) return out;
  out.set_wasted_failovers(elections.Wasted());
  out.set_dual_primary_ms(MillisFrom(elections.DualPrimaryNs()));
  const auto deposed = [&](const Operation& operation) {
    return elections.IsDeposedAnswer(operation);
  };
  out.set_dual_acks(static_cast<uint64_t>(std::count_if(
      recording.operations.begin(), recording.operations.end(), [&](const Operation& operation) {
        return operation.is_write && operation.outcome == proto::COMMITTED && deposed(operation);
      })));
  out.set_deposed_stale_reads(
      static_cast<uint64_t>(std::count_if(stale_reads.begin(), stale_reads.end(),
                                          [&](const Operation* read) { return deposed(*read); })));
  return out;
}

}  // namespace replsim
