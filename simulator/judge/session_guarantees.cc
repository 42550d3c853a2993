#include "simulator/judge/session_guarantees.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/judge/monotonic_reads.h"
#include "simulator/judge/monotonic_writes.h"
#include "simulator/judge/read_your_writes.h"
#include "simulator/judge/register_witness.h"
#include "simulator/judge/writes_follow_reads.h"

namespace replsim::judge {
namespace {

// The needs of a guarantee on the order of writes, and the text that explains a need.
struct Rule {
  void (*need)(const Registers&, WriteOrder*);
  WriteOrder::Tell tell;
};

Rule RuleOf(Guarantee guarantee) {
  switch (guarantee) {
    case Guarantee::kReadYourWrites:
      return {NeedReadYourWrites, TellReadYourWrites};
    case Guarantee::kMonotonicReads:
      return {NeedMonotonicReads, TellMonotonicReads};
    case Guarantee::kMonotonicWrites:
      return {NeedMonotonicWrites, TellMonotonicWrites};
    default:
      return {NeedWritesFollowReads, TellWritesFollowReads};
  }
}

constexpr int kGuesses = 8;  // orders of writes to try before the full check

Verdict JudgeOnce(const Registers& registers, const CandidateOrder& candidate, Guarantee guarantee,
                  Watch* watch) {
  Verdict verdict;
  verdict.guarantee = guarantee;
  const Rule rule = RuleOf(guarantee);
  std::optional<CandidateOrder> changed;
  for (int guess = 0; guess < kGuesses && candidate.is_valid(); ++guess) {
    const CandidateOrder* const now = changed ? &*changed : &candidate;
    WriteOrder order(registers, candidate.by(), now, watch);
    rule.need(registers, &order);
    const std::vector<OrderedWrites> open = order.Open();
    if (open.empty() || watch->WasSpent()) {
      order.Decide(rule.tell, &verdict);
      return verdict;
    }
    if (!changed) changed.emplace(candidate);
    if (!changed->Follow(open, watch)) break;
  }
  WriteOrder order(registers, candidate.by(), nullptr, watch);
  rule.need(registers, &order);
  order.Decide(rule.tell, &verdict);
  return verdict;
}

}  // namespace

Verdict JudgeSession(const Registers& registers, const CandidateOrder& candidate,
                     Guarantee guarantee, const Budget& budget) {
  Watch watch(budget);
  if (registers.thin_air() != kNoNode) return JudgeUnwrittenRead(registers, guarantee);
  Verdict verdict = JudgeOnce(registers, candidate, guarantee, &watch);
  if (verdict.holds == Holds::kNo) {
    ShrinkByLeavingOut(
        registers.history(),
        [&](const Registers& rest) {
          return JudgeOnce(rest, CandidateOrder(rest, candidate.by(), &watch), guarantee, &watch);
        },
        &watch, &verdict);
  } else if (verdict.holds == Holds::kYes && !registers.left_out().empty()) {
    verdict.holds = Holds::kUnknown;
    verdict.reason = registers.left_out();
  } else if (verdict.holds == Holds::kYes && verdict.reads == 0) {
    verdict.reason = "no operation could have shown a violation";
  }
  return verdict;
}

}  // namespace replsim::judge
