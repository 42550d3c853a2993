#include "simulator/judge/monotonic_reads.h"

#include "absl/strings/str_cat.h"

namespace replsim::judge {

void NeedMonotonicReads(const Registers& registers, WriteOrder* order) {
  Forgettable<uint32_t> newest(registers.keys());  // by key: the client's newest read
  for (uint32_t process = 0; process < registers.processes(); ++process) {
    newest.Forget();
    for (const uint32_t position : registers.OfProcess(process)) {
      if (order->watch().IsSpent()) return;
      if (!registers.IsRead(position)) continue;
      const uint32_t key = registers.at(position).key;
      const uint32_t* const before = newest.Find(key);
      bool went_back = false;
      if (before != nullptr) {
        went_back = order->Need(registers.WriteOf(*before), registers.WriteOf(position),
                                {.cause = *before, .link = kNoNode, .effect = position});
        order->Count(went_back);
      }
      if (!went_back) newest[key] = position;
    }
  }
}

std::string TellMonotonicReads(const Registers& registers, const WriteOrder::Why& why) {
  return absl::StrCat(registers.TextOf(why.effect), " after ", registers.TextOf(why.cause));
}

}  // namespace replsim::judge
