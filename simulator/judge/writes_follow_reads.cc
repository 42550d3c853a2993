#include "simulator/judge/writes_follow_reads.h"

#include "absl/strings/str_cat.h"
#include "simulator/judge/carried_facts.h"

namespace replsim::judge {

void NeedWritesFollowReads(const Registers& registers, WriteOrder* order) {
  NeedCarriedFacts(registers, Facts::kReads, order);
}

std::string TellWritesFollowReads(const Registers& registers, const WriteOrder::Why& why) {
  if (why.link == kNoNode) {
    return absl::StrCat(registers.TextOf(why.effect), " after ", registers.TextOf(why.cause));
  }
  return absl::StrCat(registers.TextOf(why.effect), " after ", registers.TextOf(why.link),
                      ", whose writer knew more: ", registers.TextOf(why.cause));
}

}  // namespace replsim::judge
