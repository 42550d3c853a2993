// Small histories of transactions on registers and on lists, drawn at random, and judges that try
// every order.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/rng.h"
#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge::transactions {

using history::History;
using history::Kind;
using history::kNever;
using history::Model;
using history::Outcome;
using history::Step;
using history::Transaction;
using history::Value;

inline constexpr uint32_t kKeys = 2;
inline constexpr uint32_t kSessions = 3;

using State = std::vector<std::vector<Value>>;  // by key: all values since the initial one

// Draws up to `most` transactions that take effect at an instant each, mostly: a read may see an
// older state, so that some histories violate something.
class Drawing {
 public:
  Drawing(Rng* rng, Model model, uint64_t most, double wrong) : rng_(*rng), wrong_(wrong) {
    history_.model = model;
    history_.has_times = true;
    for (uint32_t key = 0; key < kKeys; ++key) history_.keys.push_back(absl::StrCat("k", key));
    for (uint32_t s = 0; s < kSessions; ++s) history_.processes.push_back(absl::StrCat("s", s));
    const uint64_t count = rng_.Below(most) + 1;
    std::vector<int64_t> free(kSessions, 0);
    for (uint64_t i = 0; i < count; ++i) AddTransaction(&free);
    std::stable_sort(history_.transactions.begin(), history_.transactions.end(),
                     [](const Transaction& a, const Transaction& b) { return a.begin < b.begin; });
    FillReads();
  }
  History Done() { return std::move(history_); }

 private:
  void AddTransaction(std::vector<int64_t>* free) {
    Transaction transaction;
    transaction.session = static_cast<uint32_t>(rng_.Below(kSessions));
    int64_t& now = (*free)[transaction.session];
    transaction.begin = now + static_cast<int64_t>(rng_.Below(5));
    transaction.end = transaction.begin + static_cast<int64_t>(rng_.Below(10));
    now = transaction.end + 1;
    const uint64_t fate = rng_.Below(10);
    if (fate == 0) transaction.outcome = Outcome::kNo;
    if (fate == 1) transaction.outcome = Outcome::kUnknown;
    if (fate <= 1) transaction.end = kNever;
    transaction.first = static_cast<uint32_t>(history_.steps.size());
    transaction.count = static_cast<uint32_t>(1 + rng_.Below(3));
    for (uint32_t i = 0; i < transaction.count; ++i) {
      Step& step = history_.steps.emplace_back();
      step.key = static_cast<uint32_t>(rng_.Below(kKeys));
      const bool is_list = history_.model == Model::kListAppend;
      if (rng_.Below(2) == 0 && fate > 1) continue;  // the value of an unanswered read is unknown
      step.kind = is_list ? Kind::kAppend : Kind::kWrite;
      step.value = static_cast<Value>(history_.values.size());
      history_.values.push_back(absl::StrCat(step.value));
    }
    history_.transactions.push_back(transaction);
  }

  void FillReads() {
    std::vector<std::pair<int64_t, size_t>> order;
    for (size_t i = 0; i < history_.transactions.size(); ++i) {
      const Transaction& transaction = history_.transactions[i];
      const int64_t length = transaction.end == kNever ? 10 : transaction.end - transaction.begin;
      const auto at = static_cast<int64_t>(rng_.Below(static_cast<uint64_t>(length) + 1));
      order.emplace_back(transaction.begin + at, i);
    }
    std::sort(order.begin(), order.end());
    std::vector<State> states = {State(kKeys)};
    for (const auto& [instant, index] : order) {
      const Transaction& transaction = history_.transactions[index];
      State state = states.back();
      for (uint32_t i = 0; i < transaction.count; ++i) {
        Step& step = history_.steps[transaction.first + i];
        if (step.kind != Kind::kRead) {
          state[step.key].push_back(step.value);
        } else if (rng_.Chance(wrong_)) {
          step.value = Seen(states[rng_.Below(states.size())][step.key]);
        } else {
          step.value = Seen(state[step.key]);
        }
      }
      const bool happens = transaction.outcome == Outcome::kYes ||
                           (transaction.outcome == Outcome::kUnknown && rng_.Below(2) == 0) ||
                           rng_.Below(20) == 0;
      if (happens) states.push_back(std::move(state));
    }
  }
  Value Seen(const std::vector<Value>& values) {
    if (history_.model != Model::kListAppend) return values.empty() ? history::kNil : values.back();
    history_.lists.push_back(values);
    if (values.size() > 1 && rng_.Chance(wrong_ / 4))
      std::swap(history_.lists.back()[0], history_.lists.back()[1]);
    return static_cast<Value>(history_.lists.size() - 1);
  }

  Rng& rng_;
  const double wrong_;
  History history_;
};

// Whether an order of all answered transactions, and of some that were not, agrees with time and
// explains every read.
inline bool IsStrictSerializable(const History& history) {
  const std::vector<Transaction>& all = history.transactions;
  std::vector<bool> used(all.size(), false);
  const std::function<bool(const State&)> place = [&](const State& state) {
    bool complete = true;
    for (size_t i = 0; i < all.size(); ++i) {
      if (used[i] || all[i].outcome == Outcome::kNo) continue;
      complete = complete && all[i].outcome != Outcome::kYes;
      bool is_legal = true;
      for (size_t j = 0; j < all.size(); ++j) {
        const bool must = !used[j] && all[j].outcome == Outcome::kYes;
        if (j != i && must && all[j].end < all[i].begin) is_legal = false;
      }
      State next = state;
      for (uint32_t s = 0; s < all[i].count && is_legal; ++s) {
        const Step& step = history.steps[all[i].first + s];
        std::vector<Value>& values = next[step.key];
        if (step.kind != Kind::kRead) {
          values.push_back(step.value);
        } else if (history.model == Model::kListAppend) {
          is_legal = history.lists[static_cast<size_t>(step.value)] == values;
        } else {
          is_legal = step.value == (values.empty() ? history::kNil : values.back());
        }
      }
      if (!is_legal) continue;
      used[i] = true;
      const bool placed = place(next);
      used[i] = false;
      if (placed) return true;
    }
    return complete;
  };
  return place(State(kKeys));
}

// The axioms of isolation.h, tried on every order in which the transactions may have committed.
class IsolationBruteForce {
 public:
  explicit IsolationBruteForce(const History& history) : history_(history) {}

  bool Holds(Guarantee level) {
    if (!FindReads()) return false;
    FindOrder();
    std::vector<size_t> order;
    for (size_t t = 0; t < committed_.size(); ++t) {
      if (committed_[t]) order.push_back(t);
    }
    do {
      place_.assign(committed_.size(), 0);
      for (size_t i = 0; i < order.size(); ++i) place_[order[i]] = static_cast<int>(i) + 1;
      if (Fits(level)) return true;
    } while (std::next_permutation(order.begin(), order.end()));
    return false;
  }

 private:
  static constexpr int kInitial = -1;
  struct Read {
    size_t reader = 0;
    int writer = kInitial;
    uint32_t key = 0;
  };

  const Step& StepOf(size_t t, uint32_t i) const {
    return history_.steps[history_.transactions[t].first + i];
  }
  bool Writes(size_t t, uint32_t key) const {
    for (uint32_t i = 0; i < history_.transactions[t].count; ++i) {
      if (StepOf(t, i).kind == Kind::kWrite && StepOf(t, i).key == key) return true;
    }
    return false;
  }
  // False if a read is wrong by itself.
  bool FindReads() {
    const size_t size = history_.transactions.size();
    committed_.assign(size, false);
    for (size_t t = 0; t < size; ++t) {
      if (history_.transactions[t].outcome != Outcome::kYes) continue;
      committed_[t] = true;
      std::map<uint32_t, Value> own;
      for (uint32_t i = 0; i < history_.transactions[t].count; ++i) {
        const Step& step = StepOf(t, i);
        if (step.kind == Kind::kWrite) {
          own[step.key] = step.value;
        } else if (own.contains(step.key)) {
          if (own[step.key] != step.value) return false;
        } else if (step.value == history::kNil) {
          reads_.push_back({t, kInitial, step.key});
        } else if (!AddRead(t, step)) {
          return false;
        }
      }
    }
    return true;
  }
  bool AddRead(size_t reader, const Step& read) {
    for (size_t t = 0; t < history_.transactions.size(); ++t) {
      Value last = history::kNil;
      bool writes = false;
      for (uint32_t i = 0; i < history_.transactions[t].count; ++i) {
        const Step& step = StepOf(t, i);
        if (step.kind != Kind::kWrite || step.key != read.key) continue;
        last = step.value;
        writes |= step.value == read.value;
      }
      if (!writes) continue;
      committed_[t] = true;
      reads_.push_back({reader, static_cast<int>(t), read.key});
      return last == read.value && t != reader && history_.transactions[t].outcome != Outcome::kNo;
    }
    return false;
  }
  bool IsEarlierInSession(size_t a, size_t b) const {
    const Transaction& first = history_.transactions[a];
    return a < b && first.session == history_.transactions[b].session &&
           first.outcome == Outcome::kYes;
  }
  // Fills direct_ and happened_: by sessions and reads, and transitively.
  void FindOrder() {
    const size_t size = committed_.size();
    direct_.assign(size, std::vector<bool>(size, false));
    for (size_t a = 0; a < size; ++a) {
      for (size_t b = 0; b < size; ++b) {
        direct_[a][b] = committed_[a] && committed_[b] && IsEarlierInSession(a, b);
      }
    }
    for (const Read& read : reads_) {
      if (read.writer != kInitial) direct_[static_cast<size_t>(read.writer)][read.reader] = true;
    }
    happened_ = direct_;
    for (size_t middle = 0; middle < size; ++middle) {
      for (size_t a = 0; a < size; ++a) {
        for (size_t b = 0; b < size; ++b) {
          if (happened_[a][middle] && happened_[middle][b]) happened_[a][b] = true;
        }
      }
    }
  }
  bool IsVisible(Guarantee level, size_t writer, size_t at) const {
    const size_t reader = reads_[at].reader;
    if (level == Guarantee::kCausal) return happened_[writer][reader];
    if (level == Guarantee::kReadAtomic) return direct_[writer][reader];
    for (size_t earlier = 0; earlier < at; ++earlier) {
      const Read& read = reads_[earlier];
      if (read.reader == reader && read.writer == static_cast<int>(writer)) return true;
    }
    return false;
  }
  bool Fits(Guarantee level) const {
    for (size_t a = 0; a < committed_.size(); ++a) {
      for (size_t b = 0; b < committed_.size(); ++b) {
        if (direct_[a][b] && place_[a] >= place_[b]) return false;
      }
    }
    for (size_t at = 0; at < reads_.size(); ++at) {
      const Read& read = reads_[at];
      const int seen = read.writer == kInitial ? 0 : place_[static_cast<size_t>(read.writer)];
      for (size_t t = 0; t < committed_.size(); ++t) {
        if (!committed_[t] || t == read.reader || static_cast<int>(t) == read.writer) continue;
        if (Writes(t, read.key) && IsVisible(level, t, at) && place_[t] > seen) return false;
      }
    }
    return true;
  }

  const History& history_;
  std::vector<bool> committed_;
  std::vector<Read> reads_;  // in order of the reader's steps
  std::vector<std::vector<bool>> direct_;
  std::vector<std::vector<bool>> happened_;
  std::vector<int> place_;
};

inline std::string TextOf(const History& history) {
  std::string text;
  for (const Transaction& transaction : history.transactions) {
    absl::StrAppend(&text, "\nsession ", transaction.session, " ", transaction.begin, " to ",
                    transaction.end == kNever ? -1 : transaction.end, " outcome ",
                    static_cast<int>(transaction.outcome), ":");
    for (uint32_t i = 0; i < transaction.count; ++i) {
      const Step& step = history.steps[transaction.first + i];
      absl::StrAppend(&text, step.kind == Kind::kRead ? " r" : " w", step.key, "=");
      if (step.kind == Kind::kRead && history.model == Model::kListAppend) {
        for (const Value value : history.lists[static_cast<size_t>(step.value)]) {
          absl::StrAppend(&text, value, ",");
        }
      } else {
        absl::StrAppend(&text, step.value);
      }
    }
  }
  return text;
}

// Those transactions alone, without reads of what the others wrote.
inline History PartOf(const History& history, const std::vector<size_t>& transactions) {
  History out = history;
  out.transactions.clear();
  out.steps.clear();
  const auto is_written = [&](uint32_t key, Value value) {
    for (const size_t index : transactions) {
      for (uint32_t i = 0; i < history.transactions[index].count; ++i) {
        const Step& step = history.steps[history.transactions[index].first + i];
        if (step.kind != Kind::kRead && step.key == key && step.value == value) return true;
      }
    }
    return false;
  };
  for (const size_t index : transactions) {
    Transaction transaction = history.transactions[index];
    const uint32_t first =
        std::exchange(transaction.first, static_cast<uint32_t>(out.steps.size()));
    std::set<uint32_t> own;  // a read that misses an own write is wrong, whichever value it shows
    for (uint32_t i = 0; i < transaction.count; ++i) {
      const Step& step = history.steps[first + i];
      if (step.kind == Kind::kRead && history.model == Model::kListAppend) {
        std::vector<Value>& list = out.lists[static_cast<size_t>(step.value)];
        list.erase(std::remove_if(list.begin(), list.end(),
                                  [&](Value value) { return !is_written(step.key, value); }),
                   list.end());
      } else if (step.kind == Kind::kRead && step.value != history.initial &&
                 !own.contains(step.key) && !is_written(step.key, step.value)) {
        continue;
      }
      if (step.kind != Kind::kRead) own.insert(step.key);
      out.steps.push_back(step);
    }
    transaction.count = static_cast<uint32_t>(out.steps.size()) - transaction.first;
    out.transactions.push_back(transaction);
  }
  return out;
}

}  // namespace replsim::judge::transactions
