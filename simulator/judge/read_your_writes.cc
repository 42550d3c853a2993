#include "simulator/judge/read_your_writes.h"

#include "absl/strings/str_cat.h"

namespace replsim::judge {

void NeedReadYourWrites(const Registers& registers, WriteOrder* order) {
  Forgettable<uint32_t> own(registers.keys());
  for (uint32_t process = 0; process < registers.processes(); ++process) {
    own.Forget();
    for (const Access& access : registers.OfProcess(process)) {
      if (order->watch().IsSpent()) return;
      if (!access.is_read) {
        if (access.is_answered) own[access.key] = access.position;
        continue;
      }
      const uint32_t* const mine = own.Find(access.key);
      if (mine == nullptr) continue;
      order->Count(order->Need(*mine, access.write,
                               {.cause = *mine, .link = kNoNode, .effect = access.position}));
    }
  }
}

std::string TellReadYourWrites(const Registers& registers, const WriteOrder::Why& why) {
  return absl::StrCat(registers.TextOf(why.effect), " after ", registers.TextOf(why.cause));
}

}  // namespace replsim::judge
