#include "simulator/judge/causal_registers.h"

#include <string>
#include <utility>

#include "absl/strings/str_replace.h"
#include "simulator/judge/isolation.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Operation;

// Transaction i is the operation at position i.
History ToTransactions(const Registers& registers) {
  const History& from = registers.history();
  History to;
  to.model = history::Model::kTransactions;
  to.has_times = from.has_times;
  to.has_lines = from.has_lines;
  to.keys = from.keys;
  to.values = from.values;
  to.initial = from.initial;
  to.processes = from.processes;
  to.origin = from.origin;
  to.transactions.reserve(registers.size());
  to.steps.reserve(registers.size());
  for (uint32_t i = 0; i < registers.size(); ++i) {
    const Operation& operation = registers.at(i);
    history::Transaction& transaction = to.transactions.emplace_back();
    transaction.begin = operation.begin;
    transaction.end = operation.end;
    transaction.session = operation.process;
    transaction.line = operation.line;
    transaction.first = i;
    transaction.count = 1;
    transaction.outcome = operation.outcome;
    to.steps.push_back({operation.kind, operation.key, operation.value});
  }
  return to;
}

}  // namespace

Verdict JudgeCausal(const Registers& registers, const Budget& budget) {
  Verdict verdict;
  verdict.guarantee = Guarantee::kCausal;
  const size_t clocks = size_t{registers.size()} * registers.processes() * sizeof(uint32_t);
  if (clocks > budget.memory_bytes) {
    AnswerOutOfMemory(&verdict);
    return verdict;
  }
  verdict =
      std::move(JudgeIsolation(ToTransactions(registers), {Guarantee::kCausal}, budget).front());
  for (size_t& position : verdict.witness) {
    position = registers.IndexOf(static_cast<uint32_t>(position));
  }
  const auto rename = [](std::string* text) {
    absl::StrReplaceAll({{" transactions", " operations"}, {"no transaction", "no operation"}},
                        text);
  };
  rename(&verdict.reason);
  const auto to_index = [&registers](size_t* position) {
    if (*position != kNone) *position = registers.IndexOf(static_cast<uint32_t>(*position));
  };
  for (Precedence& pair : verdict.order) {
    to_index(&pair.first);
    to_index(&pair.second);
  }
  if (verdict.holds == Holds::kYes && !registers.left_out().empty()) {
    verdict.holds = Holds::kUnknown;
    verdict.reason = registers.left_out();
  }
  return verdict;
}

}  // namespace replsim::judge
