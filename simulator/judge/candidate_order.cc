#include "simulator/judge/candidate_order.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <utility>

namespace replsim::judge {
namespace {

using history::kNever;
using history::Operation;

// Sorts one key's writes topologically. Returns false if `ordered` has a cycle. `waits` and `first`
// are scratch space, indexed by position and initially 0.
bool SortByOrdered(const std::vector<OrderedWrites>& ordered, const std::vector<int64_t>& instants,
                   std::vector<uint32_t>* waits, std::vector<uint32_t>* first,
                   std::vector<uint32_t>* writes) {
  for (const OrderedWrites& pair : ordered) {
    ++(*waits)[pair.newer];
    ++(*first)[pair.older];
  }
  uint32_t sum = 0;
  for (const uint32_t write : *writes) sum += std::exchange((*first)[write], sum);
  std::vector<uint32_t> newer(ordered.size());
  for (const OrderedWrites& pair : ordered) newer[(*first)[pair.older]++] = pair.newer;

  using Next = std::pair<int64_t, uint32_t>;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> ready;
  std::vector<uint32_t> begins(writes->size());
  sum = 0;
  for (size_t i = 0; i < writes->size(); ++i) {
    const uint32_t write = (*writes)[i];
    begins[i] = std::exchange(sum, (*first)[write]);
    if ((*waits)[write] == 0) ready.push({instants[write], static_cast<uint32_t>(i)});
    (*first)[write] = static_cast<uint32_t>(i);
  }
  const std::vector<uint32_t> before = *writes;
  writes->clear();
  while (!ready.empty()) {
    const uint32_t at = ready.top().second;
    ready.pop();
    writes->push_back(before[at]);
    const size_t end = at + 1 < begins.size() ? begins[at + 1] : newer.size();
    for (size_t i = begins[at]; i < end; ++i) {
      const uint32_t next = newer[i];
      if (--(*waits)[next] == 0) ready.push({instants[next], (*first)[next]});
    }
  }
  return writes->size() == before.size();
}

// The constraints that follow from each client's own accesses to a key: its writes, or its reads.
std::vector<OrderedWrites> OrderedByClients(const Registers& registers, bool by_reads,
                                            Watch* watch) {
  std::vector<OrderedWrites> ordered;
  Forgettable<uint32_t> last(registers.keys());
  for (uint32_t process = 0; process < registers.processes(); ++process) {
    last.Forget();
    for (const Access& access : registers.OfProcess(process)) {
      if (watch->IsSpent()) return ordered;
      if (access.is_read != by_reads) continue;
      if (access.write >= registers.size()) continue;  // the initial value
      const uint32_t* const before = last.Find(access.key);
      if (before != nullptr && *before != access.write) ordered.push_back({*before, access.write});
      if (access.is_answered) last[access.key] = access.write;
    }
  }
  return ordered;
}

}  // namespace

std::vector<int64_t> InstantsOf(const Registers& registers) {
  std::vector<int64_t> ended(registers.size(), kNever);
  std::vector<int64_t> asked(registers.size(), std::numeric_limits<int64_t>::min());
  for (uint32_t i = 0; i < registers.size(); ++i) {
    const uint32_t write = registers.WriteOf(i);
    if (write >= registers.size()) continue;
    const Operation& operation = registers.at(i);
    ended[write] = std::min(ended[write], operation.end);
    asked[write] = std::max(asked[write], operation.begin);
  }
  for (uint32_t i = 0; i < registers.size(); ++i) {
    // A read of a value that is written later ends before the write begins.
    ended[i] = std::min(std::max(ended[i], registers.at(i).begin), asked[i]);
  }
  return ended;
}

std::vector<bool> SortWrites(const Registers& registers, const std::vector<int64_t>& instants,
                             const std::vector<OrderedWrites>& ordered, KeyOrders* orders,
                             Watch* watch) {
  std::vector<bool> fits(orders->size(), true);
  std::vector<uint32_t> place(registers.size(), 0);
  for (std::vector<uint32_t>& writes : *orders) {
    if (watch->IsSpent(writes.size())) return fits;
    std::stable_sort(writes.begin(), writes.end(),
                     [&](uint32_t a, uint32_t b) { return instants[a] < instants[b]; });
    for (uint32_t i = 0; i < writes.size(); ++i) place[writes[i]] = i;
  }
  // For most keys the order by instant already satisfies all constraints.
  std::vector<bool> wrong(orders->size(), false);
  for (const OrderedWrites& pair : ordered) {
    if (place[pair.older] > place[pair.newer]) wrong[registers.at(pair.older).key] = true;
  }
  if (std::find(wrong.begin(), wrong.end(), true) == wrong.end()) return fits;
  std::vector<std::vector<OrderedWrites>> of_key(orders->size());
  for (const OrderedWrites& pair : ordered) {
    const uint32_t key = registers.at(pair.older).key;
    if (wrong[key]) of_key[key].push_back(pair);
  }
  std::vector<uint32_t> waits(registers.size(), 0);
  std::vector<uint32_t> first(registers.size(), 0);
  for (size_t key = 0; key < orders->size(); ++key) {
    if (!wrong[key]) continue;
    if (watch->IsSpent((*orders)[key].size())) return fits;
    const std::vector<uint32_t> by_instant = (*orders)[key];
    fits[key] = SortByOrdered(of_key[key], instants, &waits, &first, &(*orders)[key]);
    if (!fits[key]) (*orders)[key] = by_instant;
  }
  return fits;
}

Reversed FindReversed(const Registers& registers, const std::vector<uint32_t>& writes) {
  uint32_t earliest = kNoNode;  // the write to the right of i that ends first
  for (size_t i = writes.size(); i-- > 0;) {
    if (earliest != kNoNode && registers.at(earliest).end < registers.at(writes[i]).begin) {
      return {writes[i], earliest};
    }
    if (earliest == kNoNode || registers.at(writes[i]).end < registers.at(earliest).end) {
      earliest = writes[i];
    }
  }
  return {};
}

CandidateOrder::CandidateOrder(const Registers& registers, WritesInOrder by, Watch* watch)
    : registers_(registers),
      by_(by),
      instants_(InstantsOf(registers)),
      of_clients_(OrderedByClients(registers, /*by_reads=*/false, watch)),
      hints_(OrderedByClients(registers, /*by_reads=*/true, watch)),
      orders_(registers.keys()),
      places_(registers.size(), 0) {
  for (uint32_t i = 0; i < registers.size(); ++i) {
    if (!registers.IsRead(i)) orders_[registers.at(i).key].push_back(i);
  }
  SortKeys(watch);
}

bool CandidateOrder::Agrees(const std::vector<uint32_t>& writes) const {
  return by_ == WritesInOrder::kOfClients || FindReversed(registers_, writes).first == kNoNode;
}

// Drops the hints of keys whose hints contradict the known order.
bool CandidateOrder::SortKeys(Watch* watch) {
  bool all = true;
  std::vector<OrderedWrites> ordered = of_clients_;
  ordered.insert(ordered.end(), hints_.begin(), hints_.end());
  const std::vector<bool> fits = SortWrites(registers_, instants_, ordered, &orders_, watch);
  std::vector<bool> wrong(orders_.size(), false);
  for (size_t key = 0; key < orders_.size() && !watch->WasSpent(); ++key) {
    if (watch->IsSpent(orders_[key].size() / 4)) break;
    wrong[key] = !fits[key] || !Agrees(orders_[key]);
    if (wrong[key]) all = false;
  }
  if (!all) {
    hints_.erase(std::remove_if(hints_.begin(), hints_.end(),
                                [&](const OrderedWrites& pair) {
                                  return wrong[registers_.at(pair.older).key];
                                }),
                 hints_.end());
    KeyOrders again(orders_.size());
    for (size_t key = 0; key < orders_.size(); ++key) {
      if (wrong[key]) again[key] = orders_[key];
    }
    std::vector<OrderedWrites> of_wrong;
    for (const OrderedWrites& pair : of_clients_) {
      if (wrong[registers_.at(pair.older).key]) of_wrong.push_back(pair);
    }
    SortWrites(registers_, instants_, of_wrong, &again, watch);
    for (size_t key = 0; key < orders_.size(); ++key) {
      if (!wrong[key]) continue;
      orders_[key] = std::move(again[key]);
      is_valid_ = is_valid_ && Agrees(orders_[key]);
    }
  }
  for (const std::vector<uint32_t>& writes : orders_) {
    for (uint32_t i = 0; i < writes.size(); ++i) places_[writes[i]] = i + 1;
  }
  return all;
}

bool CandidateOrder::Follow(const std::vector<OrderedWrites>& ordered, Watch* watch) {
  hints_.insert(hints_.end(), ordered.begin(), ordered.end());
  return SortKeys(watch);
}

}  // namespace replsim::judge
