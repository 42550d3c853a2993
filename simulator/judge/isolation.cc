#include "simulator/judge/isolation.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "simulator/judge/describe.h"
#include "simulator/judge/graph.h"
#include "simulator/judge/indexes.h"
#include "simulator/judge/reads_from.h"
#include "simulator/judge/shrink_transactions.h"
#include "simulator/judge/shrink_witness.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Kind;
using history::Outcome;
using history::Transaction;
using history::Value;

class IsolationJudge {
 public:
  IsolationJudge(const History& history, const Budget& budget)
      : history_(history), watch_(budget), from_(history, &watch_) {
    if (watch_.WasSpent()) return;
    // Transactions of a session are ordered as in the history. One that was not answered follows
    // the others and precedes none, so that it is alone on its track.
    tracks_ = static_cast<uint32_t>(history.processes.size());
    std::vector<uint32_t> last(history.processes.size(), kNoNode);
    before_in_session_.assign(from_.size(), kNoNode);
    track_.assign(from_.size(), 0);
    for (uint32_t t = 0; t < from_.size(); ++t) {
      if (!from_.IsCommitted(t)) continue;
      ++committed_;
      const uint32_t session = history.transactions[t].session;
      before_in_session_[t] = last[session];
      track_[t] = IsAnswered(t) ? session : tracks_++;
      if (IsAnswered(t)) last[session] = t;
    }
  }

  Verdict Judge(Guarantee level) {
    Verdict verdict;
    verdict.guarantee = level;
    verdict.keys = history_.keys.size();
    if (watch_.WasSpent()) {
      AnswerOutOfTime(&verdict);
      return verdict;
    }
    if (from_.bad()) {
      verdict.holds = Holds::kNo;
      verdict.reason = from_.bad()->reason;
      verdict.witness = from_.bad()->witness;
      return verdict;
    }
    Graph graph(from_.size() + 1);  // the last node stands for the write of all initial values
    AddSessionsAndReads(&graph);
    out_of_memory_ = false;
    if (level == Guarantee::kReadCommitted) AddReadCommitted(&graph);
    if (level == Guarantee::kReadAtomic) AddReadAtomic(&graph);
    if (level == Guarantee::kCausal) AddCausal(&graph);
    const bool fits = !out_of_memory_ && graph.bytes() <= watch_.memory_bytes();
    const std::vector<Graph::CycleArc> cycle =
        fits && !watch_.WasSpent() ? graph.ShortestCycle(&watch_) : std::vector<Graph::CycleArc>{};
    if (!cycle.empty()) {
      Tell(graph, cycle, &verdict);
    } else if (watch_.WasSpent()) {
      AnswerOutOfTime(&verdict);
    } else if (!fits) {
      AnswerOutOfMemory(&verdict);
    }
    return verdict;
  }

 private:
  // Whether to stop: the time budget is exhausted or the graph is too large.
  bool IsOver(const Graph& graph, uint64_t steps) {
    return watch_.IsSpent(steps) || graph.bytes() > watch_.memory_bytes();
  }

  bool IsAnswered(uint32_t t) const { return history_.transactions[t].outcome == Outcome::kYes; }
  uint32_t Initial() const { return static_cast<uint32_t>(from_.size()); }
  uint32_t NodeOf(uint32_t writer) const { return writer == kInitial ? Initial() : writer; }

  void AddSessionsAndReads(Graph* graph) {
    for (uint32_t t = 0; t < from_.size() && !IsOver(*graph, 1 + from_.reads(t).size()); ++t) {
      if (!from_.IsCommitted(t)) continue;
      if (before_in_session_[t] == kNoNode) {
        graph->Add(Initial(), t, Edge::kSession, 0, 0);
      } else {
        graph->Add(before_in_session_[t], t, Edge::kSession, 0, 0);
      }
      for (const ReadFrom& read : from_.reads(t)) {
        graph->Add(NodeOf(read.writer), t, Edge::kRead, read.key, 0);
      }
    }
  }

  // Adds an edge for the axiom: `reader` knew `seen`, which writes the key, but read it from
  // another transaction.
  void Commit(Graph* graph, uint32_t seen, uint32_t reader, const ReadFrom& read) {
    if (seen != read.writer && seen != reader) {
      graph->Add(seen, NodeOf(read.writer), Edge::kCommitted, read.key, reader);
    }
  }

  void AddReadCommitted(Graph* graph) {
    for (uint32_t t = 0; t < from_.size() && !IsOver(*graph, 1 + from_.reads(t).size()); ++t) {
      if (!from_.IsCommitted(t)) continue;
      std::vector<uint32_t> earlier;  // writers, each once
      for (const ReadFrom& read : from_.reads(t)) {
        if (IsOver(*graph, earlier.size())) return;
        for (const uint32_t seen : earlier) {
          if (from_.Writes(seen, read.key)) Commit(graph, seen, t, read);
        }
        if (read.writer != kInitial &&
            std::find(earlier.begin(), earlier.end(), read.writer) == earlier.end()) {
          earlier.push_back(read.writer);
        }
      }
    }
  }

  void AddReadAtomic(Graph* graph) {
    const std::vector<uint32_t> before = LastWritersInSession();
    size_t at = 0;
    for (uint32_t t = 0; t < from_.size() && !IsOver(*graph, 1 + from_.reads(t).size()); ++t) {
      if (!from_.IsCommitted(t)) continue;
      std::vector<uint32_t> seen;
      for (const ReadFrom& read : from_.reads(t)) {
        if (read.writer != kInitial) seen.push_back(read.writer);
      }
      std::sort(seen.begin(), seen.end());
      seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
      for (const ReadFrom& read : from_.reads(t)) {
        const uint32_t own = before[at++];
        if (own != kNoNode) Commit(graph, own, t, read);
        if (IsOver(*graph, seen.size())) return;
        for (const uint32_t writer : seen) {
          if (from_.Writes(writer, read.key)) Commit(graph, writer, t, read);
        }
      }
    }
  }

  // The last earlier transaction of the session that writes the key; one entry per read of each
  // committed transaction, in order.
  std::vector<uint32_t> LastWritersInSession() const {
    std::vector<uint32_t> out;
    absl::flat_hash_map<uint64_t, uint32_t> last;
    for (uint32_t t = 0; t < from_.size(); ++t) {
      if (!from_.IsCommitted(t)) continue;
      const uint64_t session = static_cast<uint64_t>(history_.transactions[t].session) << 32;
      for (const ReadFrom& read : from_.reads(t)) {
        const auto it = last.find(session | read.key);
        out.push_back(it == last.end() ? kNoNode : it->second);
      }
      if (!IsAnswered(t)) continue;
      for (const uint32_t key : from_.writes(t)) last[session | key] = t;
    }
    return out;
  }

  // Computes a vector clock per transaction: for each track, 1 + the index of the last transaction
  // that happened before it; 0 if none did.
  void AddCausal(Graph* graph) {
    const std::vector<uint32_t> order = CausalOrder(*graph);
    // A cycle of sessions and reads is already in the graph.
    if (order.size() < committed_) return;
    if (from_.size() * tracks_ * sizeof(uint32_t) > watch_.memory_bytes()) {
      out_of_memory_ = true;
      return;
    }
    // The transactions that write a key, by key and track, in the order of the track.
    struct Writers {
      uint32_t track;
      std::vector<uint32_t> transactions;
    };
    std::vector<std::vector<Writers>> writers(history_.keys.size());
    for (uint32_t t = 0; t < from_.size(); ++t) {
      if (!from_.IsCommitted(t)) continue;
      const uint32_t track = track_[t];
      for (const uint32_t key : from_.writes(t)) {
        std::vector<Writers>& of_key = writers[key];
        auto it = std::find_if(of_key.begin(), of_key.end(),
                               [&](const Writers& w) { return w.track == track; });
        if (it == of_key.end()) it = of_key.insert(it, {track, {}});
        it->transactions.push_back(t);
      }
    }
    std::vector<uint32_t> clocks(from_.size() * tracks_, 0);
    for (const uint32_t t : order) {
      if (IsOver(*graph, 1 + tracks_ / 8)) return;
      uint32_t* const clock = &clocks[size_t{t} * tracks_];
      const auto join = [&](uint32_t cause) {
        const uint32_t* const other = &clocks[size_t{cause} * tracks_];
        for (size_t s = 0; s < tracks_; ++s) clock[s] = std::max(clock[s], other[s]);
        uint32_t& own = clock[track_[cause]];
        own = std::max(own, cause + 1);
      };
      if (before_in_session_[t] != kNoNode) join(before_in_session_[t]);
      for (const ReadFrom& read : from_.reads(t)) {
        if (read.writer != kInitial) join(read.writer);
      }
      for (const ReadFrom& read : from_.reads(t)) {
        if (IsOver(*graph, writers[read.key].size())) return;
        const uint32_t* const writer_clock =
            read.writer == kInitial ? nullptr : &clocks[size_t{read.writer} * tracks_];
        for (const Writers& of_track : writers[read.key]) {
          // A transaction that happened before the writer already precedes it.
          const uint32_t known_to_writer =
              writer_clock == nullptr ? 0 : writer_clock[of_track.track];
          const uint32_t known = clock[of_track.track];
          if (known <= known_to_writer) continue;
          const auto after =
              std::lower_bound(of_track.transactions.begin(), of_track.transactions.end(), known);
          if (after == of_track.transactions.begin()) continue;
          const uint32_t seen = *std::prev(after);
          if (seen >= known_to_writer) Commit(graph, seen, t, read);
        }
      }
    }
  }

  // The committed transactions, each after its causes. Transactions in a cycle, or after one, are
  // left out.
  std::vector<uint32_t> CausalOrder(const Graph& graph) const {
    std::vector<uint32_t> waits(from_.size() + 1, 0);
    for (uint32_t node = 0; node <= from_.size(); ++node) {
      for (const Graph::Arc& arc : graph.out(node)) ++waits[arc.to];
    }
    std::vector<uint32_t> order = {Initial()};
    for (size_t i = 0; i < order.size(); ++i) {
      for (const Graph::Arc& arc : graph.out(order[i])) {
        if (--waits[arc.to] == 0) order.push_back(arc.to);
      }
    }
    order.erase(order.begin());
    return order;
  }

  // Adds the transactions through which `reader` knew `seen`: a path of sessions and reads.
  void AddPath(const Graph& graph, uint32_t seen, uint32_t reader, Verdict* verdict) const {
    absl::flat_hash_map<uint32_t, uint32_t> before = {{seen, seen}};
    std::vector<uint32_t> reached = {seen};
    for (size_t i = 0; i < reached.size() && !before.contains(reader); ++i) {
      for (const Graph::Arc& arc : graph.out(reached[i])) {
        if (arc.why != Edge::kSession && arc.why != Edge::kRead) continue;
        if (before.emplace(arc.to, reached[i]).second) reached.push_back(arc.to);
      }
    }
    for (uint32_t at = reader; at != seen; at = before.at(at)) verdict->witness.push_back(at);
  }

  void Tell(const Graph& graph, const std::vector<Graph::CycleArc>& cycle, Verdict* verdict) const {
    verdict->holds = Holds::kNo;
    verdict->reason = absl::StrCat("a cycle of ", cycle.size(), " transactions");
    const auto text = [this](uint32_t node) {
      return node == Initial() ? std::string("the initial state")
                               : DescribeTransaction(history_, node);
    };
    for (const Graph::CycleArc& step : cycle) {
      if (step.from != Initial()) verdict->witness.push_back(step.from);
      std::string line = absl::StrCat(text(step.from), " is before ", text(step.arc.to), ", ");
      const std::string key =
          step.arc.key < history_.keys.size() ? ObjectOf(history_, step.arc.key) : "";
      switch (step.arc.why) {
        case Edge::kSession:
          absl::StrAppend(&line, step.from == Initial() ? "because nothing is before it"
                                                        : "because its session did it first");
          break;
        case Edge::kRead:
          absl::StrAppend(&line, "because that read its ", key);
          break;
        case Edge::kCommitted:
          absl::StrAppend(&line, "because ", text(step.arc.witness), " knew its ", key,
                          " and read the other's");
          if (step.from != Initial()) AddPath(graph, step.from, step.arc.witness, verdict);
          break;
        case Edge::kTime:
        case Edge::kWrite:
        case Edge::kOverwritten:
          break;
      }
      verdict->because.push_back(std::move(line));
      verdict->order.push_back({step.from == Initial() ? kNone : step.from,
                                step.arc.to == Initial() ? kNone : step.arc.to});
    }
    std::sort(verdict->witness.begin(), verdict->witness.end());
    verdict->witness.erase(std::unique(verdict->witness.begin(), verdict->witness.end()),
                           verdict->witness.end());
  }

  const History& history_;
  Watch watch_;
  const ReadsFrom from_;
  bool out_of_memory_ = false;
  std::vector<uint32_t> before_in_session_;
  std::vector<uint32_t> track_;  // the sessions, then one for each unanswered transaction
  uint32_t tracks_ = 0;
  size_t committed_ = 0;
};

}  // namespace

std::vector<Verdict> JudgeIsolation(const History& history, const std::vector<Guarantee>& levels,
                                    const Budget& budget) {
  IsolationJudge judge(history, budget);
  std::vector<Verdict> verdicts;
  Watch watch(budget);
  for (const Guarantee level : levels) {
    Verdict verdict = judge.Judge(level);
    if (verdict.holds == Holds::kNo && verdict.witness.size() > 2) {
      const auto judge_part = [&budget, level](const History& part) {
        return IsolationJudge(part, budget).Judge(level);
      };
      ShrinkTransactions(history, judge_part, &watch, &verdict);
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

}  // namespace replsim::judge
