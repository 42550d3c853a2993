#include "simulator/judge/consistent_prefix.h"

#include <string>
#include <vector>

#include "simulator/judge/registers.h"
#include "simulator/judge/sequential.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {
namespace {

using history::History;

// The same operations, with those of process p that read in process p + the number of processes.
History WithReadsApart(const History& history) {
  History apart = history;
  const auto processes = static_cast<uint32_t>(history.processes.size());
  apart.processes.insert(apart.processes.end(), history.processes.begin(), history.processes.end());
  for (history::Operation& operation : apart.operations) {
    if (operation.kind == history::Kind::kRead) operation.process += processes;
  }
  return apart;
}

}  // namespace

Verdict JudgeConsistentPrefix(const History& history, WritesInOrder writes, const Budget& budget) {
  Verdict verdict;
  verdict.guarantee = Guarantee::kConsistentPrefix;
  const History apart = WithReadsApart(history);
  Watch watch(budget);
  const Registers registers(apart, AllOperations(apart), &watch);
  if (watch.WasSpent()) {
    AnswerOutOfTime(&verdict);
    return verdict;
  }
  const OneOrder rule{
      .guarantee = Guarantee::kConsistentPrefix,
      .writes = writes,
      .no_order = "no order of all writes lets each client's reads follow it",
  };
  return JudgeOneOrder(registers, rule, budget);
}

}  // namespace replsim::judge
