#include "simulator/judge/monotonic_writes.h"

#include "absl/strings/str_cat.h"
#include "simulator/judge/carried_facts.h"

namespace replsim::judge {

void NeedMonotonicWrites(const Registers& registers, WriteOrder* order) {
  NeedCarriedFacts(registers, Facts::kWrites, order);
}

std::string TellMonotonicWrites(const Registers& registers, const WriteOrder::Why& why) {
  return absl::StrCat(registers.TextOf(why.effect), " after ", registers.TextOf(why.link),
                      ", whose writer had done before: ", registers.TextOf(why.cause));
}

}  // namespace replsim::judge
