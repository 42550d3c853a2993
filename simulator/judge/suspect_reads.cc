#include "simulator/judge/suspect_reads.h"

#include <algorithm>
#include <limits>

namespace replsim::judge {
namespace {

using history::kNever;
using history::Operation;

// Whether each client's operations follow each other in time, and no read ended before the write
// that it saw began.
bool IsInTime(const Registers& registers) {
  // By process: the end of its last answered operation.
  std::vector<int64_t> ended(registers.processes(), std::numeric_limits<int64_t>::min());
  for (uint32_t i = 0; i < registers.size(); ++i) {
    const Operation& operation = registers.at(i);
    if (operation.begin < ended[operation.process]) return false;
    if (operation.end != kNever) ended[operation.process] = operation.end;
    const uint32_t write = registers.WriteOf(i);
    if (write < registers.size() && operation.end < registers.at(write).begin) return false;
  }
  return true;
}

// For each key and rank: the instant at which the first write of this or a higher rank had
// certainly taken effect.
class CertainFrom {
 public:
  CertainFrom(const Registers& registers, const CandidateOrder& order)
      : order_(order), certain_(registers.keys()) {
    for (uint32_t i = 0; i < registers.size(); ++i) {
      const uint32_t write = registers.WriteOf(i);
      if (write >= registers.size()) continue;
      std::vector<int64_t>& of_key = certain_[registers.at(write).key];
      const uint32_t place = order_.PlaceOf(write);
      if (of_key.size() <= place) of_key.resize(place + 1, kNever);
      of_key[place] = std::min(of_key[place], registers.at(i).end);
    }
    for (std::vector<int64_t>& of_key : certain_) {
      for (size_t place = of_key.size(); place-- > 1;) {
        of_key[place - 1] = std::min(of_key[place - 1], of_key[place]);
      }
    }
  }
  int64_t Of(uint32_t key, uint32_t place) const {
    return place < certain_[key].size() ? certain_[key][place] : kNever;
  }

 private:
  const CandidateOrder& order_;
  std::vector<std::vector<int64_t>> certain_;
};

}  // namespace

SuspectReads::SuspectReads(const Registers& registers, const CandidateOrder& order)
    : registers_(registers), suspects_(registers.keys()) {
  all_ = !IsInTime(registers);
  if (all_) return;
  const CertainFrom certain(registers, order);
  for (uint32_t i = 0; i < registers.size(); ++i) {
    if (!registers.IsRead(i)) continue;
    const uint32_t saw = registers.WriteOf(i);
    if (saw == kNoWrite) continue;
    const Operation& read = registers.at(i);
    const uint32_t place = order.PlaceOf(saw);
    if (certain.Of(read.key, place + 1) <= read.begin) {
      suspects_[read.key].push_back({read.begin, place});
    }
  }
  for (std::vector<Suspect>& suspects : suspects_) {
    std::sort(suspects.begin(), suspects.end(),
              [](const Suspect& a, const Suspect& b) { return a.begin < b.begin; });
    for (size_t i = suspects.size(); i-- > 1;) {
      suspects[i - 1].place = std::min(suspects[i - 1].place, suspects[i].place);
    }
  }
}

bool SuspectReads::CanContradict(uint32_t key, uint32_t place, uint32_t shown_by) const {
  if (all_) return true;
  const std::vector<Suspect>& suspects = suspects_[key];
  if (suspects.empty()) return false;
  const int64_t end = registers_.at(shown_by).end;
  const auto later = std::partition_point(suspects.begin(), suspects.end(),
                                          [&](const Suspect& read) { return read.begin < end; });
  return later != suspects.end() && later->place <= place;
}

}  // namespace replsim::judge
