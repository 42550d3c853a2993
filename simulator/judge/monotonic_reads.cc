#include "simulator/judge/monotonic_reads.h"

#include "absl/strings/str_cat.h"

namespace replsim::judge {

void NeedMonotonicReads(const Registers& registers, WriteOrder* order) {
  Forgettable<Access> newest(registers.keys());  // by key: the client's newest read
  for (uint32_t process = 0; process < registers.processes(); ++process) {
    newest.Forget();
    for (const Access& access : registers.OfProcess(process)) {
      if (order->watch().IsSpent()) return;
      if (!access.is_read) continue;
      const Access* const before = newest.Find(access.key);
      bool went_back = false;
      if (before != nullptr) {
        went_back =
            order->Need(before->write, access.write,
                        {.cause = before->position, .link = kNoNode, .effect = access.position});
        order->Count(went_back);
      }
      if (!went_back) newest[access.key] = access;
    }
  }
}

std::string TellMonotonicReads(const Registers& registers, const WriteOrder::Why& why) {
  return absl::StrCat(registers.TextOf(why.effect), " after ", registers.TextOf(why.cause));
}

}  // namespace replsim::judge
