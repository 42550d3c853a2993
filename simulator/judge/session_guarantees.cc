#include "simulator/judge/session_guarantees.h"

#include <algorithm>
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

// What a guarantee needs of the order of writes, and how it tells why.
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

Verdict JudgeOnce(const Registers& registers, Guarantee guarantee, WritesInOrder by, Watch* watch) {
  Verdict verdict;
  verdict.guarantee = guarantee;
  const Rule rule = RuleOf(guarantee);
  WriteOrder order(registers, by, watch);
  rule.need(registers, &order);
  order.Decide(rule.tell, &verdict);
  return verdict;
}

}  // namespace

Verdict JudgeSession(const Registers& registers, Guarantee guarantee, WritesInOrder by,
                     const Budget& budget) {
  Watch watch(budget);
  if (registers.thin_air() != kNoNode) return ReadFromNowhere(registers, guarantee);
  Verdict verdict = JudgeOnce(registers, guarantee, by, &watch);
  if (verdict.holds == Holds::kNo) {
    ShrinkByLeavingOut(
        registers.history(),
        [&](const Registers& rest) { return JudgeOnce(rest, guarantee, by, &watch); }, &watch,
        &verdict);
  } else if (verdict.holds == Holds::kYes && !registers.left_out().empty()) {
    verdict.holds = Holds::kUnknown;
    verdict.reason = registers.left_out();
  } else if (verdict.holds == Holds::kYes && verdict.reads == 0) {
    verdict.reason = "no operation could have shown a violation";
  }
  return verdict;
}

}  // namespace replsim::judge
