#include "simulator/judge/sequential.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/judge/client_order.h"
#include "simulator/judge/describe.h"
#include "simulator/judge/instant_order.h"
#include "simulator/judge/key_orders.h"
#include "simulator/judge/register_witness.h"
#include "simulator/judge/saturation.h"
#include "simulator/judge/sequential_search.h"
#include "simulator/judge/session_guarantees.h"
#include "simulator/judge/shrink_witness.h"
#include "simulator/judge/write_order.h"

namespace replsim::judge {
namespace {

using history::History;

constexpr uint64_t kStepsPerTurn = 64;
constexpr size_t kMostChoices = size_t{1} << 31;  // operations × clients of a search

// Adds the needs of one client's accesses to a key, reads and writes together: each accessed value
// is at least as new as the previous one.
void NeedClientsAccesses(const Registers& registers, WriteOrder* order) {
  Forgettable<Access> last(registers.keys());
  for (uint32_t process = 0; process < registers.processes(); ++process) {
    last.Forget();
    for (const Access& access : registers.OfProcess(process)) {
      if (order->watch().IsSpent()) return;
      if (const Access* const before = last.Find(access.key)) {
        order->Need(before->write, access.write,
                    {.cause = before->position, .link = kNoNode, .effect = access.position});
      }
      if (access.is_answered) last[access.key] = access;
    }
  }
}

std::string TellAccess(const Registers& registers, const WriteOrder::Why& why) {
  return absl::StrCat(registers.TextOf(why.effect), " after ", registers.TextOf(why.cause));
}

class OrderJudge {
 public:
  OrderJudge(const Registers& registers, const OneOrder& rule, const Budget& budget, Watch* watch)
      : registers_(registers), rule_(rule), budget_(budget), watch_(*watch) {
    verdict_.guarantee = rule.guarantee;
  }

  // Decides without the search; absent if that is not possible.
  std::optional<Verdict> Decide() {
    if (registers_.thin_air() != kNoNode) {
      return JudgeUnwrittenRead(registers_, rule_.guarantee);
    }
    // Agrees with both orders of writes.
    if (const KeyOrders orders = OrdersByInstant(registers_, &watch_); !orders.empty()) {
      return Holding(orders);
    }
    const ClientOrder clients(registers_, rule_.writes, &watch_);
    if (watch_.WasSpent()) {
      AnswerOutOfTime(&verdict_);
      return std::move(verdict_);
    }
    if (!clients.fits()) {
      AnswerOutOfMemory(&verdict_);
      return std::move(verdict_);
    }
    const KeyOrders orders = OrdersByTime(clients, &watch_);
    if (!watch_.WasSpent() && !orders.empty() && Explains(clients, orders, &watch_)) {
      return Holding(orders);
    }
    if (!watch_.WasSpent() && FindSessionViolation()) return std::move(verdict_);
    if (!watch_.WasSpent()) return Saturate(clients);
    AnswerOutOfTime(&verdict_);
    return std::move(verdict_);
  }

  // The verdict "holds", for the order that was found.
  Verdict Holding(const KeyOrders& orders) {
    verdict_.holds = Holds::kYes;
    if (rule_.writes == WritesInOrder::kOfTime) return std::move(verdict_);
    Reversed reversed;
    for (const std::vector<uint32_t>& writes : orders) {
      if (reversed.first == kNoNode) reversed = FindReversed(registers_, writes);
    }
    verdict_.in_order_of_time = reversed.first == kNoNode;
    if (!verdict_.in_order_of_time) {
      verdict_.reason =
          absl::StrCat("with ", registers_.TextOf(reversed.first), " before ",
                       registers_.TextOf(reversed.second), ", which had ended before that began");
    }
    return std::move(verdict_);
  }

 private:
  bool FindSessionViolation() {
    WriteOrder order(registers_, rule_.writes, nullptr, &watch_);
    NeedClientsAccesses(registers_, &order);
    order.Decide(TellAccess, &verdict_);
    for (const Guarantee guarantee : {Guarantee::kMonotonicWrites, Guarantee::kWritesFollowReads}) {
      if (verdict_.holds != Holds::kYes) break;
      verdict_ = JudgeSession(registers_, CandidateOrder(registers_, rule_.writes, &watch_),
                              guarantee, budget_);
      if (verdict_.holds == Holds::kUnknown) verdict_.holds = Holds::kYes;
    }
    verdict_.guarantee = rule_.guarantee;
    verdict_.reads = verdict_.bad_reads = 0;
    if (verdict_.holds == Holds::kNo) return true;
    verdict_ = Verdict{};
    verdict_.guarantee = rule_.guarantee;
    return false;
  }

  std::optional<Verdict> Saturate(const ClientOrder& clients) {
    Saturation saturation(clients, &watch_);
    switch (saturation.Run()) {
      case Saturation::Result::kOutOfTime:
        AnswerOutOfTime(&verdict_);
        return std::move(verdict_);
      case Saturation::Result::kOutOfMemory:
        return std::nullopt;
      case Saturation::Result::kNoCircle: {
        const KeyOrders orders = OrdersIn(clients, saturation.order());
        if (Explains(clients, orders, &watch_)) return Holding(orders);
        return std::nullopt;
      }
      case Saturation::Result::kCircle:
        break;
    }
    verdict_.holds = Holds::kNo;
    for (const uint32_t position : saturation.Proof()) {
      verdict_.witness.push_back(registers_.IndexOf(position));
    }
    verdict_.because = saturation.Because();
    verdict_.reason = rule_.no_order;
    return std::move(verdict_);
  }

  const Registers& registers_;
  const OneOrder& rule_;
  const Budget& budget_;
  Watch& watch_;
  Verdict verdict_;
};

bool IsOrderViolation(const History& history, const std::vector<uint32_t>& operations,
                      WritesInOrder writes, size_t memory_bytes) {
  SequentialSearch search(history, operations, writes, memory_bytes);
  return search.ExplainsReads() && search.Run(kShrinkSteps) == SequentialSearch::Result::kNo;
}

// Shrinks the witness: leaves out ever smaller parts while the rest is still a violation.
std::vector<uint32_t> ShrinkBySearch(const History& history, std::vector<uint32_t> operations,
                                     WritesInOrder writes, Watch* watch) {
  for (size_t part = std::max<size_t>(1, operations.size() / 2);;) {
    bool smaller = false;
    for (size_t from = 0; from < operations.size();) {
      if (watch->IsSpent(kShrinkSteps / 16)) return operations;
      const size_t to = std::min(operations.size(), from + part);
      std::vector<uint32_t> rest = operations;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(from),
                 rest.begin() + static_cast<std::ptrdiff_t>(to));
      if (IsOrderViolation(history, rest, writes, watch->memory_bytes())) {
        operations = std::move(rest);
        smaller = true;
      } else {
        from = to;
      }
    }
    if (part == 1 && !smaller) return operations;
    if (part > 1) part /= 2;
  }
}

// An operation that needs a value that no operation wrote; kNoNode if there is none.
uint32_t FindUnexplained(const History& history) {
  for (uint32_t i = 0; i < history.operations.size(); ++i) {
    const history::Operation& operation = history.operations[i];
    const bool is_read = operation.kind == history::Kind::kRead;
    const bool is_cas =
        operation.kind == history::Kind::kCas && operation.outcome == history::Outcome::kYes;
    const history::Value asked = is_read ? operation.value : operation.expected;
    if ((!is_read && !is_cas) || operation.end == history::kNever || asked == history.initial) {
      continue;
    }
    const bool written =
        std::any_of(history.operations.begin(), history.operations.end(), [&](const auto& other) {
          return other.kind != history::Kind::kRead && other.key == operation.key &&
                 other.value == asked;
        });
    if (!written) return i;
  }
  return kNoNode;
}

Verdict JudgeBySearch(const Registers& registers, const OneOrder& rule, const Budget& budget,
                      Watch* watch) {
  const History& history = registers.history();
  Verdict verdict;
  verdict.guarantee = rule.guarantee;
  verdict.holds = Holds::kUnknown;
  if (!budget.may_search) {
    verdict.reason = absl::StrCat("only a search could tell (--for ", NameOf(rule.guarantee), ")");
    return verdict;
  }
  const std::vector<uint32_t> all = AllOperations(history);
  const size_t choices = history.processes.size() + 1;
  if (all.size() * choices > kMostChoices) {
    verdict.reason = absl::StrCat("too many operations to search: ", all.size());
    return verdict;
  }
  SequentialSearch search(history, all, rule.writes, budget.memory_bytes);
  auto result = SequentialSearch::Result::kRunning;
  if (search.ExplainsReads()) {
    while (result == SequentialSearch::Result::kRunning) {
      if (watch->IsSpent(kStepsPerTurn * choices)) {
        AnswerOutOfTime(&verdict);
        return verdict;
      }
      result = search.Run(kStepsPerTurn);
    }
  } else if (const uint32_t unexplained = FindUnexplained(history); unexplained != kNoNode) {
    verdict.holds = Holds::kNo;
    verdict.witness = {unexplained};
    verdict.reason = absl::StrCat(DescribeWithKey(history, history.operations[unexplained]),
                                  ", which no operation wrote");
    return verdict;
  } else {
    result = SequentialSearch::Result::kNo;
  }
  if (result == SequentialSearch::Result::kOutOfMemory) {
    AnswerOutOfMemory(&verdict);
  } else if (result == SequentialSearch::Result::kYes) {
    verdict.holds = Holds::kYes;
    if (registers.left_out().empty()) {
      std::vector<uint32_t> position_of(history.operations.size(), kNoNode);
      for (uint32_t i = 0; i < registers.size(); ++i) position_of[registers.IndexOf(i)] = i;
      KeyOrders orders(registers.keys());
      for (const uint32_t index : search.order()) {
        orders[history.operations[index].key].push_back(position_of[index]);
      }
      Watch unlimited(budget);
      return OrderJudge(registers, rule, budget, &unlimited).Holding(orders);
    }
  } else {
    verdict.holds = Holds::kNo;
    const std::vector<uint32_t> shown = ShrinkBySearch(history, all, rule.writes, watch);
    verdict.witness.assign(shown.begin(), shown.end());
    verdict.reason = rule.no_order;
  }
  return verdict;
}

// Judges the remaining operations without the search, for shrinking a violation.
Verdict JudgeRest(const Registers& rest, const OneOrder& rule, const Budget& budget, Watch* watch) {
  std::optional<Verdict> verdict = OrderJudge(rest, rule, budget, watch).Decide();
  if (verdict) return *std::move(verdict);
  Verdict open;
  open.guarantee = rule.guarantee;
  open.holds = Holds::kUnknown;
  return open;
}

}  // namespace

Verdict JudgeOneOrder(const Registers& registers, const OneOrder& rule, const Budget& budget) {
  Watch watch(budget);
  std::optional<Verdict> verdict = OrderJudge(registers, rule, budget, &watch).Decide();
  const bool is_whole = registers.left_out().empty();
  if (verdict && verdict->holds == Holds::kNo) {
    ShrinkByLeavingOut(
        registers.history(),
        [&](const Registers& rest) { return JudgeRest(rest, rule, budget, &watch); }, &watch,
        &*verdict);
    return *std::move(verdict);
  }
  if (verdict && (is_whole || watch.WasSpent())) return *std::move(verdict);
  return JudgeBySearch(registers, rule, budget, &watch);
}

}  // namespace replsim::judge
