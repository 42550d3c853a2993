#include "simulator/judge/client_order.h"

#include "simulator/judge/time_order.h"

namespace replsim::judge {

ClientOrder::ClientOrder(const Registers& registers, WritesInOrder writes, Watch* watch)
    : registers_(registers),
      holds_(registers.size(), false),
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
  if (writes == WritesInOrder::kOfTime) OrderByTime(watch);
}

void ClientOrder::OrderByTime(Watch* watch) {
  std::vector<uint32_t> writes;
  for (uint32_t i = 0; i < size(); ++i) {
    if (!registers_.IsRead(i) && holds_[i]) writes.push_back(i);
  }
  const TimeOrder in_time(
      writes, [this](uint32_t write) { return registers_.at(write).begin; },
      [this](uint32_t write) { return registers_.at(write).end; });
  const size_t most = watch->memory_bytes() / 4 / sizeof(uint32_t);
  size_t pairs = 0;
  first_later_.assign(size() + 1, 0);
  in_time.ForEachPair([&](uint32_t older, uint32_t /*newer*/) {
    ++first_later_[older + 1];
    fits_ = ++pairs <= most;
    return fits_ && !watch->IsSpent();
  });
  if (!fits_ || watch->WasSpent()) return;
  for (uint32_t i = 0; i < size(); ++i) first_later_[i + 1] += first_later_[i];
  later_.resize(pairs);
  std::vector<uint32_t> next = first_later_;
  in_time.ForEachPair([&](uint32_t older, uint32_t newer) {
    later_[next[older]++] = newer;
    return true;
  });
}

size_t ClientOrder::SlotOf(uint32_t read) const {
  const uint32_t write = registers_.WriteOf(read);
  return write == kInitialWrite ? size() + registers_.at(read).key : write;
}

}  // namespace replsim::judge
