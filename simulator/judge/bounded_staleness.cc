#include "simulator/judge/bounded_staleness.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "simulator/judge/register_witness.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {
namespace {

using history::kNever;
using history::Operation;

// Counts the added numbers below a rank (P. M. Fenwick, "A new data structure for cumulative
// frequency tables", 1994).
class Counter {
 public:
  explicit Counter(size_t size) : sums_(size + 1, 0) {}
  void Add(size_t rank) {
    for (size_t at = rank + 1; at < sums_.size(); at += at & -at) ++sums_[at];
  }
  uint32_t Below(size_t rank) const {
    uint32_t sum = 0;
    for (size_t at = rank; at > 0; at -= at & -at) sum += sums_[at];
    return sum;
  }

 private:
  std::vector<uint32_t> sums_;
};

// The read that certainly missed the most newer writes (`least`), and the largest number of newer
// writes that any read may have missed (`most`).
struct Missed {
  uint32_t read = kNoNode;
  uint32_t least = 0;
  uint32_t most = 0;
};

class MissedWrites {
 public:
  MissedWrites(const Registers& registers, Watch* watch)
      : registers_(registers), watch_(*watch), writes_(registers.keys()), reads_(registers.keys()) {
    for (uint32_t i = 0; i < registers_.size(); ++i) {
      (registers_.IsRead(i) ? reads_ : writes_)[registers_.at(i).key].push_back(i);
    }
  }

  Missed Find() {
    for (uint32_t key = 0; key < registers_.keys() && !watch_.WasSpent(); ++key) FindOf(key);
    return worst_;
  }

  // The writes of the read's key that it certainly missed, latest begin first.
  std::vector<uint32_t> WritesMissedBy(uint32_t read) const {
    std::vector<uint32_t> missed;
    const int64_t saw_end = EndOf(registers_.WriteOf(read));
    for (const uint32_t write : writes_[registers_.at(read).key]) {
      if (registers_.at(write).begin > saw_end &&
          registers_.at(write).end < registers_.at(read).begin) {
        missed.push_back(write);
      }
    }
    std::reverse(missed.begin(), missed.end());
    return missed;
  }

 private:
  static constexpr int64_t kBeforeAll = std::numeric_limits<int64_t>::min();

  int64_t BeginOf(uint32_t write) const {
    return write == kInitialWrite ? kBeforeAll : registers_.at(write).begin;
  }
  int64_t EndOf(uint32_t write) const {
    return write == kInitialWrite ? kBeforeAll : registers_.at(write).end;
  }

  // Sweeps over the reads by begin, and adds the writes that had ended by then.
  void FindOf(uint32_t key) {
    const std::vector<uint32_t>& by_begin = writes_[key];
    std::vector<uint32_t> by_end;  // as ranks in by_begin
    for (uint32_t i = 0; i < by_begin.size(); ++i) {
      if (EndOf(by_begin[i]) != kNever) by_end.push_back(i);
    }
    std::sort(by_end.begin(), by_end.end(),
              [&](uint32_t a, uint32_t b) { return EndOf(by_begin[a]) < EndOf(by_begin[b]); });
    std::vector<int64_t> ends;
    for (const uint32_t i : by_end) ends.push_back(EndOf(by_begin[i]));
    Counter counter(by_begin.size());
    uint32_t ended = 0;
    for (const uint32_t read : reads_[key]) {
      if (watch_.IsSpent()) return;
      const int64_t begin = registers_.at(read).begin;
      for (; ended < ends.size() && ends[ended] < begin; ++ended) counter.Add(by_end[ended]);
      const uint32_t saw = registers_.WriteOf(read);
      const auto rank = static_cast<size_t>(
          std::partition_point(by_begin.begin(), by_begin.end(),
                               [&](uint32_t write) { return BeginOf(write) <= EndOf(saw); }) -
          by_begin.begin());
      const uint32_t least = ended - counter.Below(rank);
      const auto older = static_cast<uint32_t>(
          std::lower_bound(ends.begin(), ends.end(), BeginOf(saw)) - ends.begin());
      const uint32_t itself = saw != kInitialWrite && EndOf(saw) < begin ? 1 : 0;
      worst_.most = std::max(worst_.most, ended - std::min(ended, older + itself));
      if (worst_.read == kNoNode || least > worst_.least) {
        worst_.read = read;
        worst_.least = least;
      }
    }
  }

  const Registers& registers_;
  Watch& watch_;
  std::vector<std::vector<uint32_t>> writes_;  // by key, by begin
  std::vector<std::vector<uint32_t>> reads_;
  Missed worst_;
};

void JudgeTime(const history::History& history, int64_t bound, const Verdict& linearizable,
               Verdict* verdict) {
  if (linearizable.holds == Holds::kYes) return;
  verdict->holds = Holds::kUnknown;
  if (linearizable.holds == Holds::kUnknown) {
    verdict->reason = linearizable.reason;
    return;
  }
  if (!history.has_times) {
    verdict->reason = "the file has no times";
    return;
  }
  if (linearizable.late_by && *linearizable.late_by <= bound) {
    verdict->holds = Holds::kYes;
    return;
  }
  // A value that no operation had written yet violates any bound.
  verdict->holds = Holds::kNo;
  verdict->reason = linearizable.reason;
  if (linearizable.late_by) {
    absl::StrAppend(
        &verdict->reason,
        absl::StrFormat(": late by %.3f ms", 1e-6 * static_cast<double>(*linearizable.late_by)));
  }
  verdict->witness = linearizable.witness;
  verdict->because = linearizable.because;
}

void JudgeVersions(const Registers& registers, uint64_t bound, const Budget& budget,
                   Verdict* verdict) {
  Watch watch(budget);
  MissedWrites missed(registers, &watch);
  const Missed worst = missed.Find();
  if (watch.WasSpent()) return AnswerOutOfTime(verdict);
  if (worst.least > bound) {
    verdict->holds = Holds::kNo;
    verdict->reason = absl::StrCat(registers.TextOf(worst.read), ", ", worst.least,
                                   worst.least == 1 ? " version" : " versions", " behind");
    std::vector<uint32_t> shown = missed.WritesMissedBy(worst.read);
    shown.resize(bound + 1);
    shown.push_back(worst.read);
    if (const uint32_t saw = registers.WriteOf(worst.read); saw != kInitialWrite) {
      shown.push_back(saw);
    }
    for (const uint32_t position : shown) verdict->witness.push_back(registers.IndexOf(position));
    std::sort(verdict->witness.begin(), verdict->witness.end());
    return;
  }
  if (worst.most > bound) {
    verdict->holds = Holds::kUnknown;
    verdict->reason = "writes overlapped: which of them are newer is not known";
  } else if (!registers.left_out().empty()) {
    verdict->holds = Holds::kUnknown;
    verdict->reason = registers.left_out();
  }
}

}  // namespace

Verdict JudgeBoundedStaleness(const Registers& registers, const Terms& terms,
                              const Verdict& linearizable, const Budget& budget) {
  if (registers.thin_air() != kNoNode) {
    return JudgeUnwrittenRead(registers, Guarantee::kBoundedStaleness);
  }
  Verdict verdict;
  verdict.guarantee = Guarantee::kBoundedStaleness;
  if (terms.staleness) {
    JudgeTime(registers.history(), *terms.staleness, linearizable, &verdict);
  }
  if (!terms.versions || verdict.holds == Holds::kNo || linearizable.holds == Holds::kYes) {
    return verdict;
  }
  Verdict versions;
  versions.guarantee = Guarantee::kBoundedStaleness;
  JudgeVersions(registers, *terms.versions, budget, &versions);
  return versions.holds == Holds::kNo || verdict.holds == Holds::kYes ? versions : verdict;
}

}  // namespace replsim::judge
