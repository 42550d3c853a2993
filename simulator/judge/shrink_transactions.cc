#include "simulator/judge/shrink_transactions.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "simulator/judge/indexes.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Kind;
using history::Step;
using history::Transaction;
using history::Value;

constexpr size_t kMostTransactions = 400;

uint64_t NameOf(const Step& step) {
  return (static_cast<uint64_t>(step.key) << 32) | static_cast<uint32_t>(step.value);
}

// Some transactions of a history, with only the keys and values that they use, and without reads
// of values that others wrote.
class Part {
 public:
  Part(const History& whole, const std::vector<size_t>& transactions) : whole_(whole) {
    part_.model = whole.model;
    part_.has_times = whole.has_times;
    part_.has_lines = whole.has_lines;
    part_.origin = whole.origin;
    part_.processes = whole.processes;
    part_.values = {whole.TextOf(history::kNil)};
    values_[history::kNil] = history::kNil;
    part_.initial = ValueOf(whole.initial);
    for (const size_t index : transactions) {
      for (const Step& step : StepsOf(whole.transactions[index])) {
        if (step.kind != Kind::kRead) written_.insert(NameOf(step));
      }
    }
    for (const size_t index : transactions) Add(whole.transactions[index]);
  }
  const History& history() const { return part_; }

 private:
  absl::Span<const Step> StepsOf(const Transaction& transaction) const {
    return absl::MakeConstSpan(whole_.steps).subspan(transaction.first, transaction.count);
  }
  void Add(Transaction transaction) {
    const absl::Span<const Step> steps = StepsOf(transaction);
    transaction.first = Steps();
    for (const Step& step : steps) {
      const bool is_known = step.kind != Kind::kRead || step.value == whole_.initial ||
                            written_.contains(NameOf(step));
      if (is_known) part_.steps.push_back({step.kind, KeyOf(step.key), ValueOf(step.value)});
    }
    transaction.count = Steps() - transaction.first;
    part_.transactions.push_back(transaction);
  }
  uint32_t Steps() const { return static_cast<uint32_t>(part_.steps.size()); }
  Value ValueOf(Value value) {
    const auto [it, fresh] = values_.emplace(value, static_cast<Value>(part_.values.size()));
    if (fresh) part_.values.push_back(whole_.TextOf(value));
    return it->second;
  }
  uint32_t KeyOf(uint32_t key) {
    const auto [it, fresh] = keys_.emplace(key, static_cast<uint32_t>(part_.keys.size()));
    if (fresh) part_.keys.push_back(whole_.keys[key]);
    return it->second;
  }

  const History& whole_;
  History part_;
  absl::flat_hash_set<uint64_t> written_;  // by the chosen transactions
  absl::flat_hash_map<Value, Value> values_;
  absl::flat_hash_map<uint32_t, uint32_t> keys_;
};

}  // namespace

void ShrinkTransactions(const History& history, const std::function<Verdict(const History&)>& judge,
                        Watch* watch, Verdict* verdict) {
  if (verdict->witness.size() > kMostTransactions) return;
  std::vector<size_t> kept = verdict->witness;
  Verdict smallest = judge(Part(history, kept).history());
  if (smallest.holds != Holds::kNo) return;
  for (size_t out = 0; out < kept.size();) {
    if (watch->IsSpent(kept.size() * kept.size())) return;
    std::vector<size_t> rest = kept;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(out));
    Verdict verdict_of_rest = judge(Part(history, rest).history());
    if (verdict_of_rest.holds != Holds::kNo) {
      ++out;
      continue;
    }
    // The violation of the rest may need even less.
    smallest = std::move(verdict_of_rest);
    std::vector<size_t> needed;
    for (const size_t at : smallest.witness) needed.push_back(rest[at]);
    kept = std::move(needed);
    smallest = judge(Part(history, kept).history());
    out = 0;
  }
  const auto in_whole = [&kept](size_t at) { return at == kNone ? kNone : kept[at]; };
  verdict->reason = std::move(smallest.reason);
  verdict->because = std::move(smallest.because);
  verdict->order = std::move(smallest.order);
  for (Precedence& pair : verdict->order) {
    pair = {in_whole(pair.first), in_whole(pair.second)};
  }
  verdict->witness = std::move(kept);
}

}  // namespace replsim::judge
