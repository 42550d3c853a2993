#include "simulator/judge/linearizable.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "simulator/judge/describe.h"
#include "simulator/judge/indexes.h"
#include "simulator/judge/models.h"
#include "simulator/judge/search.h"
#include "simulator/judge/shrink_transactions.h"
#include "simulator/judge/shrink_witness.h"
#include "simulator/judge/watch.h"
#include "simulator/judge/zones.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Model;
using history::Operation;

constexpr uint64_t kFirstSteps = 1 << 14;  // per key in the first round
constexpr uint64_t kStepsBetweenLooks = 1 << 14;

using Indexes = std::vector<size_t>;

// The operations of each key, in order of begin.
class ByKey {
 public:
  explicit ByKey(const History& history)
      : first_(history.keys.size() + 1), operations_(history.operations.size()) {
    for (const Operation& operation : history.operations) ++first_[operation.key + 1];
    for (size_t key = 0; key < history.keys.size(); ++key) {
      keys_ += first_[key + 1] > 0;
      first_[key + 1] += first_[key];
    }
    std::vector<uint32_t> next(first_.begin(), first_.end() - 1);
    for (uint32_t i = 0; i < history.operations.size(); ++i) {
      operations_[next[history.operations[i].key]++] = i;
    }
  }
  size_t used_keys() const { return keys_; }  // that have operations
  absl::Span<const uint32_t> Of(size_t key) const {
    return {operations_.data() + first_[key], first_[key + 1] - first_[key]};
  }

 private:
  std::vector<uint32_t> first_;  // by key: index in operations_
  std::vector<uint32_t> operations_;
  size_t keys_ = 0;
};

void TakeZones(ZonesOfKey zones, const std::string& key, Verdict* verdict) {
  verdict->reads += zones.reads;
  verdict->late_reads.insert(verdict->late_reads.end(), zones.late_reads.begin(),
                             zones.late_reads.end());
  if (!zones.violation) return;
  ++verdict->bad_keys;
  // The verdict shows the key with the largest lateness.
  const bool worse = verdict->bad_keys == 1 ||
                     (verdict->late_by && (!zones.late_by || *zones.late_by > *verdict->late_by));
  verdict->holds = Holds::kNo;
  if (!worse) return;
  verdict->late_by = zones.late_by;
  verdict->reason = key.empty() ? std::move(zones.violation->reason)
                                : absl::StrCat("key ", key, ": ", zones.violation->reason);
  verdict->witness = std::move(zones.violation->witness);
  verdict->because = std::move(zones.violation->because);
  verdict->order = std::move(zones.violation->order);
}

// The resumable search of one key (or of the whole store).
template <typename M>
class OneSearch {
 public:
  OneSearch(const History& history, Indexes operations, size_t memory_bytes)
      : history_(history),
        operations_(std::make_unique<Indexes>(std::move(operations))),
        model_(std::make_unique<M>(history, *operations_)),
        search_(model_.get(), memory_bytes) {}

  using Result = typename Search<M>::Result;
  Result Run(uint64_t steps) { return search_.Run(steps); }

  // After kNo: the operations that began before the blocked operation ended, with the blocked one
  // last.
  Indexes UpToBlocked() const {
    const size_t blocked = search_.blocked();
    const int64_t end = model_->end(blocked);
    Indexes out;
    for (size_t op = 0; op < operations_->size(); ++op) {
      if (op != blocked && model_->begin(op) <= end) out.push_back((*operations_)[op]);
    }
    out.push_back((*operations_)[blocked]);
    return out;
  }

 private:
  const History& history_;
  const std::unique_ptr<Indexes> operations_;  // the model refers to it
  const std::unique_ptr<M> model_;
  Search<M> search_;
};

// Searches all parts in rounds, with twice the steps in each round. Stops at the first illegal
// part.
template <typename M>
void SearchAll(const History& history, std::vector<Indexes> parts, const Budget& budget,
               Verdict* verdict) {
  std::vector<std::unique_ptr<OneSearch<M>>> open;
  const size_t memory = budget.memory_bytes / std::max<size_t>(1, parts.size());
  for (Indexes& part : parts) {
    open.push_back(std::make_unique<OneSearch<M>>(history, std::move(part), memory));
  }
  bool out_of_memory = false;
  for (uint64_t steps = kFirstSteps; !open.empty(); steps *= 2) {
    for (size_t i = 0; i < open.size();) {
      auto result = OneSearch<M>::Result::kRunning;
      for (uint64_t done = 0; done < steps && result == OneSearch<M>::Result::kRunning;
           done += kStepsBetweenLooks) {
        if (budget.is_spent()) {
          AnswerOutOfTime(verdict);
          return;
        }
        result = open[i]->Run(kStepsBetweenLooks);
      }
      if (result == OneSearch<M>::Result::kNo) {
        ++verdict->bad_keys;
        verdict->bad_keys_at_least = true;
        verdict->holds = Holds::kNo;
        DescribeBlockedWitness<M>(history, open[i]->UpToBlocked(), budget, verdict);
        return;
      }
      if (result == OneSearch<M>::Result::kRunning) {
        ++i;
        continue;
      }
      out_of_memory |= result == OneSearch<M>::Result::kOutOfMemory;
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  if (!out_of_memory) return;
  AnswerOutOfMemory(verdict);
}

// The transactions that were not aborted.
Indexes ThatMayHappen(const History& history) {
  Indexes all;
  for (size_t i = 0; i < history.transactions.size(); ++i) {
    if (history.transactions[i].outcome != history::Outcome::kNo) all.push_back(i);
  }
  return all;
}

// A read, among the operations of one key, of a value that no operation wrote; kNone if there is
// none.
size_t FindThinAir(const History& history, absl::Span<const uint32_t> operations) {
  absl::flat_hash_set<history::Value> written = {history.initial};
  for (const size_t index : operations) {
    const Operation& operation = history.operations[index];
    if (operation.kind != history::Kind::kRead) written.insert(operation.value);
  }
  for (const size_t index : operations) {
    const Operation& operation = history.operations[index];
    if (operation.kind == history::Kind::kRead && !written.contains(operation.value)) return index;
  }
  return kNone;
}

}  // namespace

Verdict JudgeLinearizable(const History& history, const Budget& budget) {
  Verdict verdict;
  verdict.guarantee = Guarantee::kLinearizable;
  const ByKey keys(history);
  verdict.keys = keys.used_keys();
  verdict.late_by = 0;
  Watch watch(budget);
  ValueTable table(history);
  std::vector<Indexes> searched;
  for (size_t key = 0; key < history.keys.size(); ++key) {
    const absl::Span<const uint32_t> operations = keys.Of(key);
    if (operations.empty()) continue;
    if (watch.IsSpent(operations.size())) break;
    if (history.model == Model::kRegister && HasUniqueValues(history, operations, &table)) {
      ZonesOfKey zones = JudgeZones(history, operations, &table, &watch);
      if (watch.WasSpent()) break;
      TakeZones(std::move(zones), history.keys[key], &verdict);
      continue;
    }
    const size_t thin_air =
        history.model == Model::kRegister ? FindThinAir(history, operations) : kNone;
    if (thin_air != kNone) {
      TakeZones(
          {.violation = Violation{{thin_air},
                                  absl::StrCat(Describe(history, history.operations[thin_air]),
                                               ", which no operation wrote"),
                                  {},
                                  {}},
           .late_by = std::nullopt,
           .late_reads = {}},
          history.keys[key], &verdict);
    } else {
      searched.emplace_back(operations.begin(), operations.end());
    }
  }
  if (verdict.holds == Holds::kNo) return verdict;
  if (watch.WasSpent()) verdict.late_by.reset();
  if (watch.WasSpent()) AnswerOutOfTime(&verdict);
  if (searched.empty() || watch.WasSpent()) return verdict;
  verdict.late_by.reset();
  if (!budget.may_search) {
    verdict.holds = Holds::kUnknown;
    verdict.reason = "only a search could tell";
    return verdict;
  }
  if (history.model == Model::kKvAppend) {
    SearchAll<AppendModel>(history, std::move(searched), budget, &verdict);
  } else {
    SearchAll<RegisterModel>(history, std::move(searched), budget, &verdict);
  }
  return verdict;
}

Verdict JudgeStrictSerializable(const History& history, const Budget& budget) {
  Verdict verdict;
  verdict.guarantee = history.model == Model::kMultiRegister ? Guarantee::kLinearizable
                                                             : Guarantee::kStrictSerializable;
  verdict.keys = history.keys.size();
  SearchAll<StoreModel>(history, {ThatMayHappen(history)}, budget, &verdict);
  if (verdict.holds == Holds::kNo) ShrinkStrictSerializable(history, budget, &verdict);
  return verdict;
}

void ShrinkStrictSerializable(const History& history, const Budget& budget, Verdict* verdict) {
  const auto judge = [](const History& part) {
    Verdict found;
    found.holds = Holds::kUnknown;
    found.witness = ThatMayHappen(part);
    if (!IsViolation<StoreModel>(part, found.witness)) return found;
    found.holds = Holds::kNo;
    found.reason =
        absl::StrCat(DescribeTransaction(part, found.witness.back()), ", which fits into no order");
    return found;
  };
  Watch watch(budget);
  Verdict smaller = *verdict;
  ShrinkTransactions(history, judge, &watch, &smaller);
  if (smaller.witness.size() < verdict->witness.size()) *verdict = std::move(smaller);
}

}  // namespace replsim::judge
