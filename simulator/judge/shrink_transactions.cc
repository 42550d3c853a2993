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

absl::Span<const Step> StepsOf(const History& history, const Transaction& transaction) {
  return absl::MakeConstSpan(history.steps).subspan(transaction.first, transaction.count);
}
bool IsListRead(const History& history, const Step& step) {
  return step.kind == Kind::kRead && history.model == history::Model::kListAppend;
}

using Names = absl::flat_hash_set<uint64_t>;

// Of the values that some transactions read, those that a transaction of the history wrote.
Names WrittenOfRead(const History& history, const std::vector<size_t>& transactions) {
  Names read;
  for (const size_t index : transactions) {
    for (const Step& step : StepsOf(history, history.transactions[index])) {
      if (step.kind != Kind::kRead) continue;
      if (!IsListRead(history, step)) {
        read.insert(NameOf(step));
        continue;
      }
      for (const Value value : history.lists[static_cast<size_t>(step.value)]) {
        read.insert(NameOf({Kind::kAppend, step.key, value}));
      }
    }
  }
  Names written;
  for (const Step& step : history.steps) {
    if (step.kind != Kind::kRead && read.contains(NameOf(step))) written.insert(NameOf(step));
  }
  return written;
}

// Some transactions of a history, with only the keys and values that they use, and without what
// they read of others: a read of a value, or the element of a list.
class Part {
 public:
  // `written_in_whole`: WrittenOfRead() of these transactions, or of more.
  Part(const History& whole, const std::vector<size_t>& transactions, const Names& written_in_whole)
      : whole_(whole), written_in_whole_(written_in_whole) {
    part_.model = whole.model;
    part_.has_times = whole.has_times;
    part_.has_lines = whole.has_lines;
    part_.origin = whole.origin;
    part_.processes = whole.processes;
    part_.values = {whole.TextOf(history::kNil)};
    values_[history::kNil] = history::kNil;
    part_.initial = ValueOf(whole.initial);
    for (const size_t index : transactions) {
      for (const Step& step : StepsOf(whole, whole.transactions[index])) {
        if (step.kind != Kind::kRead) written_.insert(NameOf(step));
      }
    }
    for (const size_t index : transactions) Add(whole.transactions[index]);
  }
  const History& history() const { return part_; }

 private:
  void Add(Transaction transaction) {
    const absl::Span<const Step> steps = StepsOf(whole_, transaction);
    transaction.first = Steps();
    absl::flat_hash_set<uint32_t> own;
    for (const Step& step : steps) {
      if (IsListRead(whole_, step)) {
        AddList(step);
        continue;
      }
      if (step.kind != Kind::kRead) own.insert(step.key);
      // If a read misses the transaction's own write, it is a violation whichever value it shows.
      const bool is_known = step.kind != Kind::kRead || step.value == whole_.initial ||
                            own.contains(step.key) || !written_in_whole_.contains(NameOf(step)) ||
                            written_.contains(NameOf(step));
      if (is_known) part_.steps.push_back({step.kind, KeyOf(step.key), ValueOf(step.value)});
    }
    transaction.count = Steps() - transaction.first;
    part_.transactions.push_back(transaction);
  }
  void AddList(const Step& read) {
    const auto index = static_cast<Value>(part_.lists.size());
    std::vector<Value>& list = part_.lists.emplace_back();
    for (const Value value : whole_.lists[static_cast<size_t>(read.value)]) {
      const uint64_t name = NameOf({Kind::kAppend, read.key, value});
      if (written_.contains(name) || !written_in_whole_.contains(name)) {
        list.push_back(ValueOf(value));
      }
    }
    part_.steps.push_back({Kind::kRead, KeyOf(read.key), index});
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
  const Names& written_in_whole_;
  Names written_;  // by the chosen transactions
  absl::flat_hash_map<Value, Value> values_;
  absl::flat_hash_map<uint32_t, uint32_t> keys_;
};

}  // namespace

void ShrinkTransactions(const History& history, const std::function<Verdict(const History&)>& judge,
                        Watch* watch, Verdict* verdict) {
  if (verdict->witness.size() > kMostTransactions) return;
  std::vector<size_t> kept = verdict->witness;
  const Names written = WrittenOfRead(history, kept);
  Verdict smallest = judge(Part(history, kept, written).history());
  if (smallest.holds != Holds::kNo) return;
  for (size_t out = 0; out < kept.size();) {
    if (watch->IsSpent(kept.size() * kept.size())) return;
    std::vector<size_t> rest = kept;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(out));
    Verdict verdict_of_rest = judge(Part(history, rest, written).history());
    if (verdict_of_rest.holds != Holds::kNo) {
      ++out;
      continue;
    }
    // The violation of the rest may need even less.
    smallest = std::move(verdict_of_rest);
    std::vector<size_t> needed;
    for (const size_t at : smallest.witness) needed.push_back(rest[at]);
    kept = std::move(needed);
    smallest = judge(Part(history, kept, written).history());
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
