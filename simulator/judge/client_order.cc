#include "simulator/judge/client_order.h"

namespace replsim::judge {

ClientOrder::ClientOrder(const Registers& registers)
    : registers_(registers),
      holds_(registers.size(), false),
      before_(registers.size(), kNoNode),
      first_read_(registers.size() + registers.keys() + 1, 0),
      writes_of_key_(registers.keys()) {
  for (uint32_t i = 0; i < size(); ++i) {
    if (registers_.IsAnswered(i)) holds_[i] = true;
    if (!registers_.IsRead(i)) continue;
    const uint32_t write = registers_.WriteOf(i);
    if (write != kInitialWrite) holds_[write] = true;
    ++first_read_[SlotOf(i) + 1];
  }
  for (size_t slot = 1; slot < first_read_.size(); ++slot) {
    first_read_[slot] += first_read_[slot - 1];
  }
  reads_.resize(first_read_.back());
  std::vector<uint32_t> next = first_read_;
  for (uint32_t i = 0; i < size(); ++i) {
    count_ += holds_[i] ? 1 : 0;
    if (registers_.IsRead(i)) {
      reads_[next[SlotOf(i)]++] = i;
    } else if (holds_[i]) {
      writes_of_key_[registers_.at(i).key].push_back(i);
    }
  }
  for (uint32_t process = 0; process < registers_.processes(); ++process) {
    uint32_t last = kNoNode;
    for (const Access& access : registers_.OfProcess(process)) {
      before_[access.position] = last;
      if (access.is_answered) last = access.position;
    }
  }
}

size_t ClientOrder::SlotOf(uint32_t read) const {
  const uint32_t write = registers_.WriteOf(read);
  return write == kInitialWrite ? size() + registers_.at(read).key : write;
}

}  // namespace replsim::judge
