#include "simulator/judge/list_append.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "simulator/judge/graph.h"
#include "simulator/judge/indexes.h"
#include "simulator/judge/shrink_transactions.h"
#include "simulator/judge/shrink_witness.h"
#include "simulator/judge/time_order.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Kind;
using history::Outcome;
using history::Transaction;
using history::Value;

class ListJudge {
 public:
  ListJudge(const History& history, const Budget& budget) : history_(history), watch_(budget) {}

  Verdict Judge() {
    verdict_.guarantee = Guarantee::kStrictSerializable;
    verdict_.keys = history_.keys.size();
    FindAppends();
    FindLists();
    if (verdict_.holds == Holds::kNo) return std::move(verdict_);
    CheckOwn();
    CheckOrder();
    if (verdict_.holds == Holds::kNo) return std::move(verdict_);
    FindUnseen();
    Graph graph(history_.transactions.size());
    AddTime(&graph);
    AddLists(&graph);
    const bool fits = graph.bytes() <= watch_.memory_bytes();
    const std::vector<Graph::CycleArc> cycle =
        fits && !watch_.WasSpent() ? graph.ShortestCycle(&watch_) : std::vector<Graph::CycleArc>{};
    if (!cycle.empty()) {
      Tell(cycle);
    } else if (watch_.WasSpent()) {
      AnswerOutOfTime(&verdict_);
    } else if (!fits) {
      AnswerOutOfMemory(&verdict_);
    }
    return std::move(verdict_);
  }

 private:
  template <typename Visit>
  void ForEachStep(Visit visit) {
    for (uint32_t t = 0; t < history_.transactions.size(); ++t) {
      const Transaction& transaction = history_.transactions[t];
      if (watch_.IsSpent(1 + transaction.count)) return;
      for (uint32_t i = 0; i < transaction.count; ++i) {
        visit(t, history_.steps[transaction.first + i]);
      }
    }
  }
  std::string Text(uint32_t t) const { return DescribeTransaction(history_, t); }
  const std::vector<Value>& ListOf(const history::Step& step) const {
    return history_.lists[static_cast<size_t>(step.value)];
  }
  static uint64_t NameOf(uint32_t key, Value value) {
    return (static_cast<uint64_t>(key) << 32) | static_cast<uint32_t>(value);
  }
  uint32_t AppenderOf(uint32_t key, Value value) const {
    const auto it = appenders_.find(NameOf(key, value));
    return it == appenders_.end() ? kNoNode : it->second.transaction;
  }
  // The rank of an append among all appends, in the order of the transactions' steps.
  uint32_t RankOf(uint32_t key, Value value) const {
    return appenders_.at(NameOf(key, value)).rank;
  }
  void Refuse(std::vector<size_t> witness, std::string reason) {
    if (verdict_.holds == Holds::kNo) return;
    verdict_.holds = Holds::kNo;
    std::sort(witness.begin(), witness.end());
    witness.erase(std::unique(witness.begin(), witness.end()), witness.end());
    verdict_.witness = std::move(witness);
    verdict_.reason = std::move(reason);
  }

  void FindAppends() {
    ForEachStep([this](uint32_t t, const history::Step& step) {
      if (step.kind != Kind::kAppend) return;
      const auto rank = static_cast<uint32_t>(appenders_.size());
      appenders_[NameOf(step.key, step.value)] = {t, rank};
    });
  }

  // Finds the longest list read of each key; every other list must be a prefix of it.
  void FindLists() {
    longest_.assign(history_.keys.size(), {kNoNode, {}});
    ForEachStep([this](uint32_t t, const history::Step& step) {
      if (step.kind != Kind::kRead) return;
      const std::vector<Value>& list = ListOf(step);
      if (watch_.IsSpent(list.size())) return;
      for (const Value value : list) {
        const uint32_t appender = AppenderOf(step.key, value);
        if (appender == kNoNode) {
          Refuse({t}, absl::StrCat(Text(t), ": no transaction appended ", history_.TextOf(value)));
        } else if (history_.transactions[appender].outcome == Outcome::kNo) {
          Refuse({appender, t}, absl::StrCat(Text(t), ", a read of the aborted ", Text(appender)));
        }
      }
      std::vector<Value> sorted = list;
      std::sort(sorted.begin(), sorted.end());
      if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
          twice != sorted.end()) {
        const uint32_t appender = AppenderOf(step.key, *twice);
        Refuse({appender == kNoNode ? t : appender, t},
               absl::StrCat(Text(t), ", which holds ", history_.TextOf(*twice), " twice"));
      }
      auto& [reader, longest] = longest_[step.key];
      size_t common = 0;
      while (common < std::min(longest.size(), list.size()) && list[common] == longest[common]) {
        ++common;
      }
      if (common < std::min(longest.size(), list.size())) {
        std::vector<size_t> witness = {reader, t};
        for (const Value value : {list[common], longest[common]}) {
          const uint32_t appender = AppenderOf(step.key, value);
          if (appender != kNoNode) witness.push_back(appender);
        }
        Refuse(std::move(witness), absl::StrCat(Text(t), " and ", Text(reader),
                                                ": neither list is a prefix of the other"));
      }
      if (list.size() > longest.size() || reader == kNoNode) longest_[step.key] = {t, list};
    });
  }

  // A transaction's appends to a key stand in its order.
  void CheckOrder() {
    for (uint32_t key = 0; key < longest_.size(); ++key) {
      const auto& [reader, list] = longest_[key];
      if (watch_.IsSpent(list.size())) return;
      for (size_t i = 1; i < list.size(); ++i) {
        const uint32_t appender = AppenderOf(key, list[i]);
        if (appender == AppenderOf(key, list[i - 1]) &&
            RankOf(key, list[i]) < RankOf(key, list[i - 1])) {
          Refuse({appender, reader},
                 absl::StrCat(Text(reader), ", which reverses the appends of ", Text(appender)));
        }
      }
    }
  }

  // Finds the appends that no read shows although their transaction happened: it was answered, or
  // another of its appends was read. They follow all appends that reads show.
  void FindUnseen() {
    absl::flat_hash_set<uint64_t> seen;
    std::vector<bool> happened(history_.transactions.size(), false);
    for (uint32_t t = 0; t < happened.size(); ++t) {
      happened[t] = history_.transactions[t].outcome == Outcome::kYes;
    }
    for (uint32_t key = 0; key < longest_.size(); ++key) {
      for (const Value value : longest_[key].second) {
        seen.insert(NameOf(key, value));
        happened[AppenderOf(key, value)] = true;
      }
    }
    unseen_.assign(history_.keys.size(), {});
    ForEachStep([&](uint32_t t, const history::Step& step) {
      if (step.kind != Kind::kAppend || seen.contains(NameOf(step.key, step.value))) return;
      if (happened[t]) unseen_[step.key].push_back(t);
    });
  }

  // A transaction must see its own appends at the end of each list that it reads.
  void CheckOwn() {
    for (uint32_t t = 0; t < history_.transactions.size(); ++t) {
      const Transaction& transaction = history_.transactions[t];
      if (watch_.IsSpent(1 + transaction.count)) return;
      absl::flat_hash_map<uint32_t, std::vector<Value>> own;
      for (uint32_t i = 0; i < transaction.count; ++i) {
        const history::Step& step = history_.steps[transaction.first + i];
        if (step.kind == Kind::kAppend) {
          own[step.key].push_back(step.value);
          continue;
        }
        const std::vector<Value>& list = ListOf(step);
        const std::vector<Value>& mine = own[step.key];
        if (mine.size() > list.size() || !std::equal(mine.rbegin(), mine.rend(), list.rbegin())) {
          std::vector<size_t> witness = {t};
          for (size_t back = 1; back <= std::min(mine.size(), list.size()); ++back) {
            witness.push_back(AppenderOf(step.key, list[list.size() - back]));
          }
          Refuse(std::move(witness), absl::StrCat(Text(t), ", which does not see its own appends"));
          continue;
        }
        const auto others = static_cast<std::ptrdiff_t>(list.size() - mine.size());
        const bool is_from_future =
            std::any_of(list.begin(), list.begin() + others,
                        [&](Value value) { return AppenderOf(step.key, value) == t; });
        if (watch_.IsSpent(list.size())) return;
        if (is_from_future) {
          Refuse({t}, absl::StrCat(Text(t), ", which reads a value that it appends later"));
        }
      }
    }
  }

  // Orders each transaction after those that ended before it began.
  void AddTime(Graph* graph) {
    std::vector<uint32_t> all;
    for (uint32_t t = 0; t < history_.transactions.size(); ++t) {
      if (history_.transactions[t].outcome != Outcome::kNo) all.push_back(t);
    }
    const TimeOrder in_time(
        all, [this](uint32_t t) { return history_.transactions[t].begin; },
        [this](uint32_t t) { return history_.transactions[t].end; });
    in_time.ForEachPair([&](uint32_t first, uint32_t second) {
      graph->Add(first, second, Edge::kTime, 0, 0);
      return !watch_.IsSpent() && graph->bytes() <= watch_.memory_bytes();
    });
  }

  void AddLists(Graph* graph) {
    ForEachStep([&](uint32_t t, const history::Step& step) {
      if (step.kind == Kind::kAppend) return;
      const std::vector<Value>& longest = longest_[step.key].second;
      const std::vector<Value>& list = ListOf(step);
      // A transaction's own appends are not reads from another transaction.
      size_t seen = list.size();
      while (seen > 0 && AppenderOf(step.key, list[seen - 1]) == t) --seen;
      if (seen > 0) graph->Add(AppenderOf(step.key, list[seen - 1]), t, Edge::kRead, step.key, 0);
      for (size_t i = seen; i < longest.size(); ++i) {
        const uint32_t next = AppenderOf(step.key, longest[i]);
        if (next == t) continue;
        graph->Add(t, next, Edge::kOverwritten, step.key, 0);
        break;
      }
      if (list.size() < longest.size()) return;
      if (watch_.IsSpent(unseen_[step.key].size())) return;
      if (graph->bytes() > watch_.memory_bytes()) return;
      for (const uint32_t next : unseen_[step.key]) {
        graph->Add(t, next, Edge::kOverwritten, step.key, 0);
      }
    });
    for (uint32_t key = 0; key < longest_.size(); ++key) {
      const std::vector<Value>& longest = longest_[key].second;
      for (size_t i = 1; i < longest.size(); ++i) {
        graph->Add(AppenderOf(key, longest[i - 1]), AppenderOf(key, longest[i]), Edge::kWrite, key,
                   0);
      }
      if (longest.empty()) continue;
      for (const uint32_t next : unseen_[key]) {
        graph->Add(AppenderOf(key, longest.back()), next, Edge::kWrite, key, 0);
      }
    }
  }

  // Adds the reader that shows the order of a key's appends. Of a transaction that was not
  // answered, every arc out of it shows that it happened.
  void AddReader(uint32_t key, std::vector<size_t>* witness) const {
    if (longest_[key].first != kNoNode) witness->push_back(longest_[key].first);
  }

  void Tell(const std::vector<Graph::CycleArc>& cycle) {
    std::vector<size_t> witness;
    for (const Graph::CycleArc& step : cycle) {
      witness.push_back(step.from);
      const std::string& key = history_.keys[step.arc.key];
      std::string why;
      switch (step.arc.why) {
        case Edge::kTime:
          why = "it ended before that began";
          break;
        case Edge::kSession:
          why = "its session did it first";
          break;
        case Edge::kRead:
          why = absl::StrCat("that saw what it appended to ", key);
          break;
        case Edge::kWrite:
          why = absl::StrCat("that appended to ", key, " after it");
          AddReader(step.arc.key, &witness);
          break;
        case Edge::kOverwritten:
        case Edge::kCommitted:
          why = absl::StrCat("it did not see what that appended to ", key);
          AddReader(step.arc.key, &witness);
          break;
      }
      verdict_.because.push_back(
          absl::StrCat(Text(step.from), " is before ", Text(step.arc.to), ", because ", why));
      verdict_.order.push_back({step.from, step.arc.to});
    }
    Refuse(std::move(witness), absl::StrCat("a cycle of ", cycle.size(), " transactions"));
  }

  const History& history_;
  Watch watch_;
  struct Append {
    uint32_t transaction = kNoNode;
    uint32_t rank = 0;
  };

  absl::flat_hash_map<uint64_t, Append> appenders_;
  std::vector<std::pair<uint32_t, std::vector<Value>>> longest_;  // by key: a reader, and its list
  std::vector<std::vector<uint32_t>> unseen_;                     // by key
  Verdict verdict_;
};

}  // namespace

Verdict JudgeListAppend(const History& history, const Budget& budget) {
  Verdict verdict = ListJudge(history, budget).Judge();
  if (verdict.holds != Holds::kNo || verdict.witness.size() < 2) return verdict;
  Watch watch(budget);
  ShrinkTransactions(
      history, [&](const History& part) { return ListJudge(part, budget).Judge(); }, &watch,
      &verdict);
  return verdict;
}

}  // namespace replsim::judge
