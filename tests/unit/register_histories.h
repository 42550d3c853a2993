// Small histories of registers in which each value is written once, built by hand or drawn, and
// judges that try every order.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/rng.h"
#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// Returns how many random histories a test compares: REPLSIM_JUDGE_HISTORIES, or `few`.
inline int RandomHistories(int few) {
  const char* const asked = std::getenv("REPLSIM_JUDGE_HISTORIES");
  int count = 0;
  return asked != nullptr && absl::SimpleAtoi(asked, &count) ? count : few;
}

// Builds a history by hand. Keys are x and y; values are numbers from 1 on, and 0 is the initial
// value. Each operation begins after the previous one has ended.
class RegisterHistory {
 public:
  RegisterHistory() {
    history_.keys = {"x", "y"};
    history_.has_times = true;
  }
  RegisterHistory& Write(uint32_t process, uint32_t key, int value) {
    ++steps_;
    return Add(process, history::Kind::kWrite, key, value, 10 * steps_, 10 * steps_ + 5);
  }
  RegisterHistory& Read(uint32_t process, uint32_t key, int value) {
    ++steps_;
    return Add(process, history::Kind::kRead, key, value, 10 * steps_, 10 * steps_ + 5);
  }
  RegisterHistory& Add(uint32_t process, history::Kind kind, uint32_t key, int value, int64_t begin,
                       int64_t end) {
    while (history_.values.size() <= static_cast<size_t>(value)) {
      history_.values.push_back(absl::StrCat(history_.values.size()));
    }
    while (history_.processes.size() <= process) {
      history_.processes.push_back(absl::StrCat("process ", history_.processes.size()));
    }
    history::Operation& operation = history_.operations.emplace_back();
    operation.process = process;
    operation.kind = kind;
    operation.key = key;
    operation.value = value;
    operation.begin = begin;
    operation.end = end;
    if (end == history::kNever) operation.outcome = history::Outcome::kUnknown;
    return *this;
  }
  history::History Done() const {
    history::History history = history_;
    std::stable_sort(history.operations.begin(), history.operations.end(),
                     [](const auto& a, const auto& b) { return a.begin < b.begin; });
    for (size_t i = 0; i < history.operations.size(); ++i) {
      history.operations[i].line = static_cast<uint32_t>(i + 1);
    }
    return history;
  }

 private:
  history::History history_;
  int64_t steps_ = 0;
};

// Up to `most` operations of four clients. Clients' operations meet at one instant now and then;
// Draws up to `most` operations of four clients. Sometimes operations of different clients meet at
// one instant, and some writes are never answered.
inline history::History DrawRegisters(Rng* rng, uint64_t most, uint32_t keys) {
  RegisterHistory out;
  const uint64_t count = rng->Below(most) + 1;
  std::vector<int64_t> free(4, 0);
  int written = 0;
  std::vector<uint32_t> key_of = {0};
  for (uint64_t i = 0; i < count; ++i) {
    const auto process = static_cast<uint32_t>(rng->Below(4));
    const int64_t begin = free[process] + static_cast<int64_t>(rng->Below(6));
    int64_t end = begin + static_cast<int64_t>(rng->Below(9));
    free[process] = end + static_cast<int64_t>(rng->Below(3));
    const auto key = static_cast<uint32_t>(rng->Below(keys));
    if (rng->Below(2) == 0) {
      if (rng->Below(8) == 0) end = history::kNever;
      key_of.push_back(key);
      out.Add(process, history::Kind::kWrite, key, ++written, begin, end);
      continue;
    }
    // Mostly a value of the key.
    int value = static_cast<int>(rng->Below(static_cast<uint64_t>(written) + 2));
    if (value > written) value = rng->Below(20) == 0 ? written + 1 : 0;
    if (value > 0 && value <= written && key_of[static_cast<size_t>(value)] != key) {
      out.Add(process, history::Kind::kRead, key_of[static_cast<size_t>(value)], value, begin, end);
    } else {
      out.Add(process, history::Kind::kRead, key, value, begin, end);
    }
  }
  return out.Done();
}

// Decides session guarantees by trying every order of each key's writes, from their definitions.
class SessionBruteForce {
 public:
  explicit SessionBruteForce(const history::History& history) : history_(history) {}

  bool Holds(Guarantee guarantee, WritesInOrder by) {
    const std::vector<history::Operation>& all = history_.operations;
    for (size_t read = 0; read < all.size(); ++read) {
      if (IsRead(read) && WriteOf(read) == kNowhere) return false;
    }
    for (uint32_t key = 0; key < history_.keys.size(); ++key) {
      std::vector<size_t> writes;
      for (size_t i = 0; i < all.size(); ++i) {
        if (!IsRead(i) && all[i].key == key) writes.push_back(i);
      }
      bool found = false;
      do {
        place_.assign(all.size(), 0);
        for (size_t i = 0; i < writes.size(); ++i) place_[writes[i]] = static_cast<int>(i) + 1;
        found = IsKnownOrder(writes, by) && Agrees(guarantee, key);
      } while (!found && std::next_permutation(writes.begin(), writes.end()));
      if (!found) return false;
    }
    return true;
  }

 private:
  static constexpr int kInitial = -1;
  static constexpr int kNowhere = -2;

  bool IsRead(size_t i) const { return history_.operations[i].kind == history::Kind::kRead; }
  int WriteOf(size_t i) const {
    const history::Operation& read = history_.operations[i];
    if (!IsRead(i)) return static_cast<int>(i);
    if (read.value == history_.initial) return kInitial;
    for (size_t w = 0; w < history_.operations.size(); ++w) {
      const history::Operation& write = history_.operations[w];
      if (!IsRead(w) && write.key == read.key && write.value == read.value) {
        return static_cast<int>(w);
      }
    }
    return kNowhere;
  }
  // The first is before the second in their client's order.
  bool IsEarlier(size_t a, size_t b) const {
    const history::Operation& first = history_.operations[a];
    return a < b && first.process == history_.operations[b].process && first.end != history::kNever;
  }
  int PlaceOf(int write) const {
    return write == kInitial ? 0 : place_[static_cast<size_t>(write)];
  }
  bool IsKnownOrder(const std::vector<size_t>& writes, WritesInOrder by) const {
    for (size_t i = 0; i < writes.size(); ++i) {
      for (size_t j = i + 1; j < writes.size(); ++j) {
        const history::Operation& first = history_.operations[writes[i]];
        const history::Operation& second = history_.operations[writes[j]];
        if (by == WritesInOrder::kOfTime && second.end < first.begin) return false;
        if (IsEarlier(writes[j], writes[i])) return false;
      }
    }
    return true;
  }

  bool Agrees(Guarantee guarantee, uint32_t key) const {
    switch (guarantee) {
      case Guarantee::kReadYourWrites:
        return EachPair(key, [this](size_t a) { return !IsRead(a); });
      case Guarantee::kMonotonicReads:
        return EachPair(key, [this](size_t a) { return IsRead(a); });
      default:
        return Carries(key, guarantee == Guarantee::kWritesFollowReads);
    }
  }
  template <typename IsFirst>
  bool EachPair(uint32_t key, IsFirst is_first) const {
    const size_t size = history_.operations.size();
    for (size_t a = 0; a < size; ++a) {
      for (size_t b = 0; b < size; ++b) {
        if (history_.operations[a].key != key || history_.operations[b].key != key) continue;
        if (!IsEarlier(a, b) || !is_first(a) || !IsRead(b)) continue;
        if (PlaceOf(WriteOf(b)) < PlaceOf(WriteOf(a))) return false;
      }
    }
    return true;
  }
  bool Carries(uint32_t key, bool of_reads) const {
    const size_t size = history_.operations.size();
    for (size_t fact = 0; fact < size; ++fact) {
      if (history_.operations[fact].key != key || IsRead(fact) != of_reads) continue;
      if (WriteOf(fact) == kInitial) continue;
      for (size_t write = 0; write < size; ++write) {
        if (IsRead(write) || !IsEarlier(fact, write)) continue;
        const bool same_key = history_.operations[write].key == key;
        if (same_key && PlaceOf(WriteOf(fact)) >= place_[write]) return false;
        if (!IsSeenAfter(WriteOf(fact), write, key, same_key)) return false;
      }
    }
    return true;
  }
  // A client that saw `write` sees `fact` or a newer value from then on; for the same key, a newer
  // value.
  bool IsSeenAfter(int fact, size_t write, uint32_t key, bool same_key) const {
    const size_t size = history_.operations.size();
    for (size_t a = 0; a < size; ++a) {
      if (!IsRead(a) || WriteOf(a) != static_cast<int>(write)) continue;
      for (size_t b = 0; b < size; ++b) {
        if (!IsRead(b) || history_.operations[b].key != key || !IsEarlier(a, b)) continue;
        if (PlaceOf(WriteOf(b)) < PlaceOf(fact)) return false;
        if (same_key && WriteOf(b) == fact) return false;
      }
    }
    return true;
  }

  const history::History& history_;
  std::vector<int> place_;
};

// Whether some order of all operations explains every read and agrees with each client's order.
inline bool IsSequentialByBruteForce(const history::History& history) {
  const std::vector<history::Operation>& all = history.operations;
  std::vector<bool> used(all.size(), false);
  std::vector<history::Value> state(history.keys.size(), history.initial);
  const std::function<bool()> place = [&]() {
    bool done = true;
    for (size_t i = 0; i < all.size(); ++i) {
      if (used[i]) continue;
      done = done && all[i].end == history::kNever;
      bool ready = true;
      for (size_t j = 0; j < i; ++j) {
        if (all[j].process == all[i].process && !used[j] && all[j].end != history::kNever) {
          ready = false;
        }
      }
      if (!ready) continue;
      history::Value& value = state[all[i].key];
      const history::Value before = value;
      history::Value after = value;
      if (all[i].kind == history::Kind::kRead && value != all[i].value) continue;
      if (all[i].kind == history::Kind::kWrite) after = all[i].value;
      if (all[i].kind == history::Kind::kCas) {
        const bool in_vain = all[i].outcome == history::Outcome::kNo;
        if ((value == all[i].expected) == in_vain) continue;
        if (!in_vain) after = all[i].value;
      }
      used[i] = true;
      state[all[i].key] = after;
      const bool placed = place();
      used[i] = false;
      state[all[i].key] = before;
      if (placed) return true;
    }
    return done;
  };
  return place();
}

// Those operations alone; a read whose write is left out says nothing, and goes too.
inline history::History OnlyOf(const history::History& history,
                               const std::vector<size_t>& operations) {
  history::History out = history;
  out.operations.clear();
  for (const size_t index : operations) {
    const history::Operation& operation = history.operations[index];
    bool written = operation.kind != history::Kind::kRead || operation.value == history.initial;
    for (const size_t other : operations) {
      const history::Operation& write = history.operations[other];
      written |= write.kind == history::Kind::kWrite && write.key == operation.key &&
                 write.value == operation.value;
    }
    if (written) out.operations.push_back(operation);
  }
  return out;
}

}  // namespace replsim::judge
