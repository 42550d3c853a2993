#include "simulator/judge/implications.h"

#include "absl/strings/str_cat.h"
#include "simulator/judge/judge.h"

namespace replsim::judge {
namespace {

// Whether `weak` holds if `strong` holds.
bool Follows(const history::History& history, const Verdict& strong, Guarantee weak,
             WritesInOrder writes) {
  switch (strong.guarantee) {
    case Guarantee::kStrictSerializable:
      return weak == Guarantee::kCausal || weak == Guarantee::kReadAtomic ||
             weak == Guarantee::kReadCommitted;
    case Guarantee::kCausal:
      if (IsSessionGuarantee(weak)) return writes == WritesInOrder::kOfClients;
      return weak == Guarantee::kReadAtomic || weak == Guarantee::kReadCommitted;
    case Guarantee::kReadAtomic:
      return weak == Guarantee::kReadCommitted;
    case Guarantee::kLinearizable:
      if (weak == Guarantee::kBoundedStaleness) return true;
      return (weak == Guarantee::kSequential || weak == Guarantee::kCausal ||
              weak == Guarantee::kConsistentPrefix || IsSessionGuarantee(weak)) &&
             IsClientsOrderThatOfTime(history);
    case Guarantee::kSequential:
      if (weak == Guarantee::kCausal) return true;
      // With kOfTime, a consistent prefix needs the writes of all keys in order of time.
      if (weak == Guarantee::kConsistentPrefix) return writes == WritesInOrder::kOfClients;
      return IsSessionGuarantee(weak) &&
             (writes == WritesInOrder::kOfClients || strong.in_order_of_time);
    case Guarantee::kConsistentPrefix:
      return weak == Guarantee::kMonotonicReads || weak == Guarantee::kMonotonicWrites;
    default:
      return false;
  }
}

}  // namespace

bool IsSessionGuarantee(Guarantee guarantee) {
  return guarantee == Guarantee::kReadYourWrites || guarantee == Guarantee::kMonotonicReads ||
         guarantee == Guarantee::kMonotonicWrites || guarantee == Guarantee::kWritesFollowReads;
}

bool IsClientsOrderThatOfTime(const history::History& history) {
  std::vector<int64_t> ended(history.processes.size(), -1);
  std::vector<bool> seen(history.processes.size(), false);
  for (const history::Operation& operation : history.operations) {
    if (seen[operation.process] && ended[operation.process] >= operation.begin) return false;
    if (operation.end == history::kNever) continue;
    seen[operation.process] = true;
    ended[operation.process] = operation.end;
  }
  return true;
}

std::string FindContradiction(const history::History& history, const std::vector<Verdict>& verdicts,
                              const Terms& terms) {
  for (const Verdict& strong : verdicts) {
    if (strong.holds != Holds::kYes) continue;
    for (const Verdict& weak : verdicts) {
      if (weak.holds != Holds::kNo || !Follows(history, strong, weak.guarantee, terms.writes))
        continue;
      return absl::StrCat(NameOf(strong.guarantee), " holds, but ", NameOf(weak.guarantee),
                          ", which follows from it, does not");
    }
  }
  return "";
}

}  // namespace replsim::judge
