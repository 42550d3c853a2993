#include "simulator/analysis/availability/outages.h"

#include <algorithm>
#include <limits>
#include <string>

#include "common/base/time.h"
#include "protos/types.pb.h"
#include "simulator/analysis/availability/promotions.h"
#include "simulator/analysis/evidence/node_times.h"
#include "simulator/analysis/evidence/tenures.h"

namespace replsim {
namespace {

using proto::RunEvent;

// Indices of the leaderships that began before every newer one.
std::vector<size_t> Effective(const std::vector<Leadership>& all) {
  std::vector<size_t> effective;
  int64_t next = kNeverNs;
  for (size_t i = all.size(); i-- > 0;) {
    if (all[i].begin_ns < next) effective.push_back(i);
    next = std::min(next, all[i].begin_ns);
  }
  std::reverse(effective.begin(), effective.end());
  return effective;
}

class Finder {
 public:
  Finder(const Recording& recording, const LeadershipHistory& leadership_history,
         const std::vector<FaultInterval>& faults, const ElectionRecords& elections)
      : recording_(recording),
        leadership_history_(leadership_history),
        all_(leadership_history.leaderships()),
        faults_(faults),
        elections_(elections),
        promotion_of_(FindPromotions(recording, all_, elections)) {
    for (const Operation& operation : recording.operations) {
      if (operation.is_write) writes_.push_back(&operation);
    }
  }

  std::vector<LeadershipChange> Find() const {
    std::vector<LeadershipChange> changes;
    const std::vector<size_t> effective = Effective(all_);
    for (size_t i = 1; i < effective.size(); ++i) {
      LeadershipChange change;
      change.old_index = effective[i - 1];
      change.new_index = effective[i];
      change.elected = IsElected(elections_, New(change));
      change.promoted = promotion_of_[change.new_index] != nullptr;
      change.begin_ns = BeginOf(change);
      change.stopped_ns = StoppedSince(change);
      change.handed_over = IsHandedOver(change);
      const bool chosen = change.promoted || change.handed_over || !change.elected;
      change.planned = chosen && !change.stopped_ns && Old(change).node != New(change).node &&
                       !IsCut(Old(change).node, New(change).node, change.begin_ns);
      if (!change.planned) change.outage = OutageOf(change);
      changes.push_back(change);
    }
    return changes;
  }

 private:
  const Leadership& Old(const LeadershipChange& change) const { return all_[change.old_index]; }
  const Leadership& New(const LeadershipChange& change) const { return all_[change.new_index]; }
  const std::string& IdOf(size_t node) const { return recording_.nodes[node].id; }

  int64_t BeginOf(const LeadershipChange& change) const {
    if (change.promoted) return promotion_of_[change.new_index]->time_ns();
    int64_t begin = New(change).begin_ns;
    if (change.elected) {
      const Leadership& next = New(change);
      return elections_.StoodAt(next.node, next.epoch).value_or(begin);
    }
    if (Old(change).node != New(change).node) return begin;
    const FaultInterval* last = nullptr;
    for (const FaultInterval& fault : faults_) {
      if (fault.kind != Condition::kDown || fault.node != IdOf(New(change).node)) continue;
      if (fault.begin_ns >= begin || fault.begin_ns < Old(change).begin_ns) continue;
      if (last == nullptr || fault.begin_ns > last->begin_ns) last = &fault;
    }
    return last == nullptr ? begin : std::min(last->EndOr(begin), begin);
  }

  bool IsHandedOver(const LeadershipChange& change) const {
    const Leadership& old = Old(change);
    std::optional<int64_t> told;
    for (const ElectionRecord& record : elections_.all()) {
      if (record.kind != TraceKind::kHandsOver || record.time_ns > change.begin_ns) continue;
      const bool of_change = record.node == old.node && record.peer == New(change).node;
      if (of_change && record.epoch == old.epoch) told = record.time_ns;
    }
    return told && std::none_of(writes_.begin(), writes_.end(), [&](const Operation* write) {
             return write->invoked_ns > *told && write->invoked_ns < change.begin_ns &&
                    write->outcome == proto::COMMITTED && write->epoch == old.epoch;
           });
  }

  // The faults that stopped the old leadership, as intervals (outages.h has the rule).
  std::vector<TimeRange> Stops(const LeadershipChange& change) const;

  // When a demote fault made the old leadership stop leading.
  std::optional<int64_t> DemotedAt(const LeadershipChange& change) const {
    const Leadership& old = Old(change);
    const auto stepped = elections_.FirstOf(TraceKind::kStepsDown, old.node, old.epoch);
    if (!stepped || *stepped > change.begin_ns) return std::nullopt;
    const bool told =
        std::any_of(recording_.events.begin(), recording_.events.end(), [&](const RunEvent& event) {
          return event.kind() == RunEvent::DEMOTED && event.node() == IdOf(old.node) &&
                 event.begun_ns() <= *stepped && *stepped <= event.time_ns();
        });
    return told ? stepped : std::nullopt;
  }

  std::optional<int64_t> StoppedSince(const LeadershipChange& change) const {
    int64_t since = change.begin_ns;
    bool stopped = false;
    const std::vector<TimeRange> stops = Stops(change);
    for (bool longer = true; longer;) {
      longer = false;
      for (const TimeRange& stop : stops) {
        // A fault extends the chain if it is in force when the chain begins, or begins at that
        // instant.
        const bool covers = stop.begin_ns <= since && stop.end_ns >= since;
        if (!covers || (stopped && stop.begin_ns == since)) continue;
        since = stop.begin_ns;
        stopped = longer = true;
      }
    }
    return stopped ? std::optional(since) : std::nullopt;
  }

  bool IsCut(size_t a, size_t b, int64_t time_ns) const {
    return std::any_of(faults_.begin(), faults_.end(), [&](const FaultInterval& fault) {
      if (fault.kind != Condition::kCut || !fault.InForceAt(time_ns)) return false;
      return (fault.node == IdOf(a) && fault.peer == IdOf(b)) ||
             (fault.node == IdOf(b) && fault.peer == IdOf(a));
    });
  }

  // The epoch of the leadership that answered the write.
  uint64_t AnsweredIn(const Operation& write) const {
    uint64_t epoch = write.epoch;
    for (const Leadership& leadership : all_) {
      const bool led = leadership.node == write.node && leadership.begin_ns <= write.completed_ns;
      if (led) epoch = std::max(epoch, leadership.epoch);
    }
    return epoch;
  }

  // When the old primary was fenced or stepped down. Asked of a change after the load only, so the
  // tenures are not kept.
  std::optional<int64_t> GaveUpAt(const LeadershipChange& change) const {
    for (const Tenure& tenure : FindTenures(recording_, leadership_history_, faults_)) {
      const bool gave_up =
          tenure.ended == TenureEnd::kFenced || tenure.ended == TenureEnd::kSteppedDown;
      if (tenure.leadership == change.old_index && gave_up) return tenure.end_ns;
    }
    return std::nullopt;
  }

  std::optional<WriteOutage> OutageOf(const LeadershipChange& change) const {
    const proto::Manifest& manifest = recording_.manifest;
    const int64_t load_end = manifest.load_end_ns();
    std::optional<int64_t> begin = change.stopped_ns;
    if (begin.value_or(change.begin_ns) >= load_end) {
      begin = GaveUpAt(change);
      if (!begin || *begin > load_end) return std::nullopt;
    }
    const Operation* first = nullptr;
    for (const Operation* write : writes_) {
      if (write->outcome != proto::COMMITTED || write->completed_ns > load_end) continue;
      if (AnsweredIn(*write) <= Old(change).epoch) continue;
      if (first == nullptr || write->completed_ns < first->completed_ns) first = write;
    }
    const int64_t end = first == nullptr ? load_end : first->completed_ns;
    WriteOutage outage = LongestGap(change, begin, end);
    outage.at_least = first == nullptr;
    if (outage.at_least && outage.length() == 0) return std::nullopt;
    if (first != nullptr) outage.parts = PartsOf(outage, AnsweredIn(*first));
    return outage;
  }

  // The longest time without a commit of the old leadership between the instant `stopped` and
  // `end`. If it did not stop, the time since its last commit.
  WriteOutage LongestGap(const LeadershipChange& change, std::optional<int64_t> stopped,
                         int64_t end) const {
    const int64_t start = std::max(Old(change).begin_ns, recording_.manifest.load_begin_ns());
    int64_t last = std::numeric_limits<int64_t>::min();
    std::vector<int64_t> commits{end};
    for (const Operation* write : writes_) {
      if (write->outcome != proto::COMMITTED || write->completed_ns > end) continue;
      if (AnsweredIn(*write) > Old(change).epoch) continue;
      last = std::max(last, write->completed_ns);
      if (stopped && write->completed_ns > *stopped) commits.push_back(write->completed_ns);
    }
    std::sort(commits.begin(), commits.end());
    const bool answered = last != std::numeric_limits<int64_t>::min();
    int64_t begin = std::min(stopped.value_or(answered ? last : start), end);
    WriteOutage longest{begin, begin, false, std::nullopt};
    for (const int64_t commit : commits) {
      if (commit - begin >= longest.length()) longest.begin_ns = begin, longest.end_ns = commit;
      begin = commit;
    }
    return longest;
  }

  std::optional<OutageParts> PartsOf(const WriteOutage& outage, uint64_t epoch) const {
    const auto leads = std::find_if(all_.begin(), all_.end(),
                                    [&](const Leadership& l) { return l.epoch == epoch; });
    if (leads == all_.end()) return std::nullopt;
    const RunEvent* promotion = promotion_of_[static_cast<size_t>(leads - all_.begin())];
    return SplitOutage(recording_, elections_, *leads, promotion, outage.begin_ns, outage.end_ns);
  }

  const Recording& recording_;
  const LeadershipHistory& leadership_history_;
  const std::vector<Leadership>& all_;
  const std::vector<FaultInterval>& faults_;
  const ElectionRecords& elections_;
  const std::vector<const RunEvent*> promotion_of_;  // by leadership; null: not promoted
  std::vector<const Operation*> writes_;
};

std::vector<TimeRange> Finder::Stops(const LeadershipChange& change) const {
  const Leadership& old = Old(change);
  // The latest invocation among the writes that the old leadership had committed before the change.
  int64_t youngest = std::numeric_limits<int64_t>::min();
  for (const Operation* write : writes_) {
    if (write->outcome != proto::COMMITTED || write->epoch != old.epoch) continue;
    if (write->completed_ns <= change.begin_ns) youngest = std::max(youngest, write->invoked_ns);
  }
  std::vector<TimeRange> stops;
  if (const auto demoted = DemotedAt(change)) stops.push_back({*demoted, kNeverNs});
  std::vector<TimeRange> suspects;
  for (const FaultInterval& fault : faults_) {
    TimeRange interval{std::max(fault.begin_ns, old.begin_ns), fault.EndOr(kNeverNs)};
    if (interval.begin_ns > change.begin_ns || interval.end_ns < interval.begin_ns) continue;
    const bool of_node = fault.kind == Condition::kDown || fault.kind == Condition::kPaused;
    if (of_node && fault.node == IdOf(old.node)) {
      const bool led = fault.begin_ns >= old.begin_ns;
      if (change.elected && led && fault.kind == Condition::kDown) interval.end_ns = kNeverNs;
      stops.push_back(interval);
    } else if (fault.kind != Condition::kClock && interval.begin_ns > youngest) {
      suspects.push_back(interval);
    }
  }
  std::vector<int64_t> begins{change.begin_ns};
  for (const TimeRange& interval : suspects) begins.push_back(interval.begin_ns);
  for (const TimeRange& interval : stops) begins.push_back(interval.begin_ns);
  for (const TimeRange& suspect : suspects) {
    int64_t until = change.begin_ns;
    for (const int64_t begin : begins) {
      if (begin > suspect.begin_ns) until = std::min(until, begin);
    }
    const bool tried = std::any_of(writes_.begin(), writes_.end(), [&](const Operation* write) {
      return write->invoked_ns >= suspect.begin_ns && write->invoked_ns < until;
    });
    if (tried) stops.push_back(suspect);
  }
  return stops;
}

}  // namespace

std::vector<LeadershipChange> FindLeadershipChanges(const Recording& recording,
                                                    const LeadershipHistory& leadership_history,
                                                    const std::vector<FaultInterval>& faults,
                                                    const ElectionRecords& elections) {
  return Finder(recording, leadership_history, faults, elections).Find();
}

}  // namespace replsim
