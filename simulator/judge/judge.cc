#include "simulator/judge/judge.h"

#include <algorithm>
#include <utility>

#include "simulator/judge/isolation.h"
#include "simulator/judge/linearizable.h"
#include "simulator/judge/list_append.h"
#include "simulator/judge/snapshots.h"

namespace replsim::judge {
namespace {

using history::Model;

bool IsAsked(const std::vector<Guarantee>& asked, Guarantee guarantee) {
  return asked.empty() || std::find(asked.begin(), asked.end(), guarantee) != asked.end();
}

// What a transaction store promises is ordered: a violation of a weaker guarantee is one of a
// stronger one.
void JudgeTransactions(const history::History& history, const std::vector<Guarantee>& asked,
                       const Budget& budget, std::vector<Verdict>* verdicts) {
  const bool strict = history.has_lines && IsAsked(asked, Guarantee::kStrictSerializable);
  std::vector<Guarantee> levels;
  for (const Guarantee level :
       {Guarantee::kCausal, Guarantee::kReadAtomic, Guarantee::kReadCommitted}) {
    if (strict || IsAsked(asked, level)) levels.push_back(level);
  }
  std::vector<Verdict> weaker = JudgeIsolation(history, levels);
  if (strict) {
    const auto broken = std::find_if(weaker.begin(), weaker.end(), [](const Verdict& verdict) {
      return verdict.holds == Holds::kNo;
    });
    if (broken != weaker.end()) {
      verdicts->push_back(*broken);
      verdicts->back().guarantee = Guarantee::kStrictSerializable;
    } else {
      verdicts->push_back(JudgeStrictSerializable(history, budget));
    }
  }
  for (Verdict& verdict : weaker) {
    if (IsAsked(asked, verdict.guarantee)) verdicts->push_back(std::move(verdict));
  }
}

}  // namespace

const char* NameOf(Guarantee guarantee) {
  switch (guarantee) {
    case Guarantee::kStrictSerializable:
      return "strict-serializable";
    case Guarantee::kLinearizable:
      return "linearizable";
    case Guarantee::kCausal:
      return "causal";
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
    case Model::kRegister:
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
                           const Budget& budget) {
  std::vector<Verdict> verdicts;
  if (history.model == Model::kTransactions) {
    JudgeTransactions(history, asked, budget, &verdicts);
    return verdicts;
  }
  if (!IsAsked(asked, GuaranteesOf(history.model).front())) return verdicts;
  switch (history.model) {
    case Model::kRegister:
    case Model::kKvAppend:
      verdicts.push_back(JudgeLinearizable(history, budget));
      break;
    case Model::kMultiRegister:
      verdicts.push_back(JudgeStrictSerializable(history, budget));
      break;
    case Model::kListAppend:
      verdicts.push_back(JudgeListAppend(history));
      break;
    case Model::kBank:
      verdicts.push_back(JudgeBank(history));
      break;
    case Model::kSet:
      verdicts.push_back(JudgeSet(history));
      break;
    case Model::kLongFork:
      verdicts.push_back(JudgeLongFork(history));
      break;
    case Model::kTransactions:
      break;
  }
  return verdicts;
}

}  // namespace replsim::judge
