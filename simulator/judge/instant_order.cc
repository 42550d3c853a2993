#include "simulator/judge/instant_order.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "simulator/judge/candidate_order.h"

namespace replsim::judge {
namespace {

constexpr uint32_t kNoPlace = std::numeric_limits<uint32_t>::max();

// The writes that an order must contain: those that were answered, or read.
std::vector<std::pair<int64_t, uint32_t>> WritesByInstant(const Registers& registers) {
  std::vector<bool> holds(registers.size(), false);
  for (uint32_t i = 0; i < registers.size(); ++i) {
    const uint32_t write = registers.WriteOf(i);
    if (write < registers.size() && registers.IsAnswered(i)) holds[write] = true;
  }
  const std::vector<int64_t> instants = InstantsOf(registers);
  std::vector<std::pair<int64_t, uint32_t>> writes;
  for (uint32_t i = 0; i < registers.size(); ++i) {
    if (holds[i]) writes.emplace_back(instants[i], i);
  }
  std::sort(writes.begin(), writes.end());
  return writes;
}

// The part of the order in which a key has one value: from the place of the write that set it up to
// the place of the next write of the key.
struct Term {
  uint32_t begin = 0;
  uint32_t end = kNoPlace;
};

}  // namespace

KeyOrders OrdersByInstant(const Registers& registers, Watch* watch) {
  KeyOrders orders(registers.keys());
  std::vector<Term> initial(registers.keys());
  std::vector<Term> terms(registers.size(), Term{0, 0});  // by write; {0, 0}: not in the order
  uint32_t place = 0;
  for (const auto& [instant, write] : WritesByInstant(registers)) {
    if (watch->IsSpent()) return {};
    std::vector<uint32_t>& of_key = orders[registers.at(write).key];
    ++place;
    (of_key.empty() ? initial[registers.at(write).key] : terms[of_key.back()]).end = place;
    terms[write] = {place, kNoPlace};
    of_key.push_back(write);
  }
  for (uint32_t process = 0; process < registers.processes(); ++process) {
    uint32_t at = 0;  // the client has seen the order up to this place
    for (const Access& access : registers.OfProcess(process)) {
      if (watch->IsSpent()) return {};
      const Term term = access.write == kInitialWrite ? initial[access.key] : terms[access.write];
      if (term.end == 0) continue;  // never answered and never read
      if (access.is_read) {
        at = std::max(at, term.begin);
        if (at >= term.end) return {};
      } else {
        if (term.begin <= at) return {};
        if (access.is_answered) at = term.begin;
      }
    }
  }
  return orders;
}

}  // namespace replsim::judge
