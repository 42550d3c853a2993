#include "simulator/judge/judge.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "simulator/judge/bounded_staleness.h"
#include "simulator/judge/candidate_order.h"
#include "simulator/judge/causal_registers.h"
#include "simulator/judge/consistent_prefix.h"
#include "simulator/judge/implications.h"
#include "simulator/judge/isolation.h"
#include "simulator/judge/linearizable.h"
#include "simulator/judge/list_append.h"
#include "simulator/judge/registers.h"
#include "simulator/judge/sequential.h"
#include "simulator/judge/session_guarantees.h"
#include "simulator/judge/snapshots.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {
namespace {

using history::Model;

bool IsAsked(const std::vector<Guarantee>& asked, Guarantee guarantee) {
  return asked.empty() || std::find(asked.begin(), asked.end(), guarantee) != asked.end();
}

// The levels are ordered: a violation of a weaker level is also one of every stronger level.
void JudgeTransactions(const history::History& history, const std::vector<Guarantee>& asked,
                       const Budget& budget, std::vector<Verdict>* verdicts) {
  const bool strict = history.has_lines && IsAsked(asked, Guarantee::kStrictSerializable);
  std::vector<Guarantee> levels;
  for (const Guarantee level :
       {Guarantee::kCausal, Guarantee::kReadAtomic, Guarantee::kReadCommitted}) {
    if (strict || IsAsked(asked, level)) levels.push_back(level);
  }
  std::vector<Verdict> weaker = JudgeIsolation(history, levels, budget);
  if (strict) {
    const auto broken = std::find_if(weaker.begin(), weaker.end(), [](const Verdict& verdict) {
      return verdict.holds == Holds::kNo;
    });
    if (broken != weaker.end()) {
      verdicts->push_back(*broken);
      verdicts->back().guarantee = Guarantee::kStrictSerializable;
      ShrinkStrictSerializable(history, budget, &verdicts->back());
    } else {
      verdicts->push_back(JudgeStrictSerializable(history, budget));
    }
  }
  for (Verdict& verdict : weaker) {
    if (IsAsked(asked, verdict.guarantee)) verdicts->push_back(std::move(verdict));
  }
}

constexpr Guarantee kBelowLinearizable[] = {
    Guarantee::kSequential,       Guarantee::kCausal,         Guarantee::kConsistentPrefix,
    Guarantee::kReadYourWrites,   Guarantee::kMonotonicReads, Guarantee::kMonotonicWrites,
    Guarantee::kWritesFollowReads};

constexpr size_t kBytesPerOperation = 128;  // memory that all judges below linearizable share
// Memory for guarantees below linearizable that were not asked for: only cheap checks are done.
constexpr size_t kCheapBytes = size_t{1} << 24;

// Registers whose values are not unique can only be judged by search. If they are linearizable,
// every weaker guarantee holds too.
void FillUnknown(const history::History& history, const Budget& budget,
                 std::optional<Verdict>* linearizable, Verdict* verdict) {
  if (verdict->holds != Holds::kUnknown || !budget.may_search) return;
  if (!*linearizable) *linearizable = JudgeLinearizable(history, budget);
  if ((*linearizable)->holds != Holds::kYes || !IsClientsOrderThatOfTime(history)) return;
  verdict->holds = Holds::kYes;
  verdict->reason = "linearizable";
}

// The guarantees below linearizable that were asked for.
std::vector<Guarantee> BelowLinearizable(const std::vector<Guarantee>& asked, const Terms& terms) {
  std::vector<Guarantee> weaker;
  const bool is_bounded = terms.staleness || terms.versions;
  if (!asked.empty() && is_bounded && IsAsked(asked, Guarantee::kBoundedStaleness)) {
    weaker.push_back(Guarantee::kBoundedStaleness);
  }
  for (const Guarantee guarantee : kBelowLinearizable) {
    if (IsAsked(asked, guarantee)) weaker.push_back(guarantee);
  }
  return weaker;
}

// `cheap`: restricts the checks to those that take about as long as judging linearizability.
void JudgeWeaker(const history::History& history, const std::vector<Guarantee>& weaker, bool cheap,
                 const Budget& budget, const Terms& terms, std::optional<Verdict> linearizable,
                 std::vector<Verdict>* verdicts) {
  Watch watch(budget);
  const Registers registers(history, AllOperations(history), &watch);
  Budget within = budget;
  if (cheap) {
    if (!registers.left_out().empty()) return;
    within.may_search = false;
    within.memory_bytes = std::min(within.memory_bytes, kCheapBytes);
  }
  std::optional<CandidateOrder> candidate;
  for (const Guarantee guarantee : weaker) {
    Verdict verdict;
    verdict.guarantee = guarantee;
    if (watch.WasSpent()) {
      AnswerOutOfTime(&verdict);
    } else if (guarantee == Guarantee::kBoundedStaleness) {
      if (!linearizable) linearizable = JudgeLinearizable(history, budget);
      verdict = JudgeBoundedStaleness(registers, terms, *linearizable, budget);
    } else if (guarantee == Guarantee::kSequential) {
      verdict = JudgeSequential(registers, within);
    } else if (guarantee == Guarantee::kCausal) {
      verdict = JudgeCausal(registers, within);
    } else if (guarantee == Guarantee::kConsistentPrefix) {
      if (history.operations.size() * kBytesOfPrefix > budget.memory_bytes) {
        AnswerOutOfMemory(&verdict);
      } else {
        verdict = JudgeConsistentPrefix(history, terms.writes, within);
      }
    } else {
      if (!candidate) candidate.emplace(registers, terms.writes, &watch);
      verdict = JudgeSession(registers, *candidate, guarantee, budget);
    }
    FillUnknown(history, within, &linearizable, &verdict);
    verdicts->push_back(std::move(verdict));
  }
}

void JudgeRegisters(const history::History& history, const std::vector<Guarantee>& asked,
                    const Budget& budget, const Terms& terms, std::vector<Verdict>* verdicts) {
  std::optional<Verdict> linearizable;
  if (IsAsked(asked, Guarantee::kLinearizable)) {
    linearizable = JudgeLinearizable(history, budget);
    verdicts->push_back(*linearizable);
  }
  const std::vector<Guarantee> weaker = BelowLinearizable(asked, terms);
  if (weaker.empty() || (asked.empty() && linearizable->holds != Holds::kNo)) return;
  if (history.operations.size() * kBytesPerOperation <= budget.memory_bytes) {
    return JudgeWeaker(history, weaker, asked.empty(), budget, terms, std::move(linearizable),
                       verdicts);
  }
  for (const Guarantee guarantee : weaker) {
    Verdict verdict;
    verdict.guarantee = guarantee;
    AnswerOutOfMemory(&verdict);
    verdicts->push_back(std::move(verdict));
  }
}

}  // namespace

const char* NameOf(Guarantee guarantee) {
  switch (guarantee) {
    case Guarantee::kStrictSerializable:
      return "strict-serializable";
    case Guarantee::kLinearizable:
      return "linearizable";
    case Guarantee::kBoundedStaleness:
      return "bounded-staleness";
    case Guarantee::kSequential:
      return "sequential";
    case Guarantee::kCausal:
      return "causal";
    case Guarantee::kConsistentPrefix:
      return "consistent-prefix";
    case Guarantee::kReadYourWrites:
      return "read-your-writes";
    case Guarantee::kMonotonicReads:
      return "monotonic-reads";
    case Guarantee::kMonotonicWrites:
      return "monotonic-writes";
    case Guarantee::kWritesFollowReads:
      return "writes-follow-reads";
    case Guarantee::kReadAtomic:
      return "read-atomic";
    case Guarantee::kReadCommitted:
      return "read-committed";
    case Guarantee::kBank:
      return "bank";
    case Guarantee::kSet:
      return "set";
    case Guarantee::kNoLongFork:
      return "no-long-fork";
  }
  return "?";
}

std::vector<Guarantee> GuaranteesOf(Model model) {
  switch (model) {
    case Model::kRegister: {
      std::vector<Guarantee> all = {Guarantee::kLinearizable};
      all.insert(all.end(), std::begin(kBelowLinearizable), std::end(kBelowLinearizable));
      return all;
    }
    case Model::kKvAppend:
    case Model::kMultiRegister:
      return {Guarantee::kLinearizable};
    case Model::kTransactions:
      return {Guarantee::kStrictSerializable, Guarantee::kCausal, Guarantee::kReadAtomic,
              Guarantee::kReadCommitted};
    case Model::kListAppend:
      return {Guarantee::kStrictSerializable};
    case Model::kBank:
      return {Guarantee::kBank};
    case Model::kSet:
      return {Guarantee::kSet};
    case Model::kLongFork:
      return {Guarantee::kNoLongFork};
  }
  return {};
}

std::vector<Verdict> Judge(const history::History& history, const std::vector<Guarantee>& asked,
                           const Budget& budget, const Terms& terms) {
  std::vector<Verdict> verdicts;
  if (history.model == Model::kTransactions) {
    JudgeTransactions(history, asked, budget, &verdicts);
    return verdicts;
  }
  if (history.model == Model::kRegister) {
    JudgeRegisters(history, asked, budget, terms, &verdicts);
    return verdicts;
  }
  if (!IsAsked(asked, GuaranteesOf(history.model).front())) return verdicts;
  switch (history.model) {
    case Model::kKvAppend:
      verdicts.push_back(JudgeLinearizable(history, budget));
      break;
    case Model::kMultiRegister:
      verdicts.push_back(JudgeStrictSerializable(history, budget));
      break;
    case Model::kListAppend:
      verdicts.push_back(JudgeListAppend(history, budget));
      break;
    case Model::kBank:
      verdicts.push_back(JudgeBank(history, budget));
      break;
    case Model::kSet:
      verdicts.push_back(JudgeSet(history, budget));
      break;
    case Model::kLongFork:
      verdicts.push_back(JudgeLongFork(history, budget));
      break;
    case Model::kRegister:
    case Model::kTransactions:
      break;
  }
  return verdicts;
}

}  // namespace replsim::judge
