#include "simulator/judge/key_orders.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <utility>

namespace replsim::judge {
namespace {

using history::kNever;
using history::Operation;

// One client accessed the key with the first write's value and then with the second's.
struct Access {
  uint32_t key = 0;
  uint32_t older = 0;
  uint32_t newer = 0;
};

// False: a client read the initial value after another one.
bool FindAccesses(const ClientOrder& clients, Watch* watch, std::vector<Access>* out) {
  const Registers& registers = clients.registers();
  Forgettable<uint32_t> last(registers.keys());
  for (uint32_t process = 0; process < registers.processes(); ++process) {
    last.Forget();
    for (const uint32_t position : registers.OfProcess(process)) {
      if (watch->IsSpent()) return true;
      if (!clients.Holds(position)) continue;
      const uint32_t key = registers.at(position).key;
      const uint32_t write = registers.WriteOf(position);
      const uint32_t* const before = last.Find(key);
      if (before != nullptr && *before != write && *before != kInitialWrite) {
        if (write == kInitialWrite) return false;
        out->push_back({key, *before, write});
      }
      if (registers.IsAnswered(position)) last[key] = write;
    }
  }
  return true;
}

// When each write may have taken effect.
std::vector<int64_t> Instants(const ClientOrder& clients) {
  const Registers& registers = clients.registers();
  std::vector<int64_t> ended(registers.size(), kNever);
  std::vector<int64_t> asked(registers.size(), std::numeric_limits<int64_t>::min());
  for (uint32_t i = 0; i < registers.size(); ++i) {
    const uint32_t write = registers.WriteOf(i);
    if (write == kInitialWrite) continue;
    const Operation& operation = registers.at(i);
    ended[write] = std::min(ended[write], operation.end);
    asked[write] = std::max(asked[write], operation.begin);
  }
  for (uint32_t i = 0; i < registers.size(); ++i) ended[i] = std::min(ended[i], asked[i]);
  return ended;
}

// Orders one key's writes by the accesses, and by instant where they leave it open. False: a
// circle.
bool Sort(const std::vector<Access>& accesses, const std::vector<int64_t>& instants,
          std::vector<uint32_t>* writes) {
  std::vector<uint32_t> sorted = *writes;
  std::sort(sorted.begin(), sorted.end());
  const auto number = [&](uint32_t write) {
    return static_cast<uint32_t>(std::lower_bound(sorted.begin(), sorted.end(), write) -
                                 sorted.begin());
  };
  std::vector<uint32_t> waits(sorted.size(), 0);
  std::vector<std::vector<uint32_t>> after(sorted.size());
  for (const Access& access : accesses) {
    after[number(access.older)].push_back(number(access.newer));
    ++waits[number(access.newer)];
  }
  using Next = std::pair<int64_t, uint32_t>;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> ready;
  for (uint32_t i = 0; i < sorted.size(); ++i) {
    if (waits[i] == 0) ready.push({instants[sorted[i]], i});
  }
  writes->clear();
  while (!ready.empty()) {
    const uint32_t at = ready.top().second;
    ready.pop();
    writes->push_back(sorted[at]);
    for (const uint32_t next : after[at]) {
      if (--waits[next] == 0) ready.push({instants[sorted[next]], next});
    }
  }
  return writes->size() == sorted.size();
}

}  // namespace

KeyOrders OrdersByTime(const ClientOrder& clients, Watch* watch) {
  std::vector<Access> accesses;
  if (!FindAccesses(clients, watch, &accesses)) return {};
  const std::vector<int64_t> instants = Instants(clients);
  KeyOrders orders = clients.writes_of_key();
  std::vector<uint32_t> place(clients.size(), 0);
  for (std::vector<uint32_t>& writes : orders) {
    if (watch->IsSpent(writes.size())) return {};
    std::stable_sort(writes.begin(), writes.end(),
                     [&](uint32_t a, uint32_t b) { return instants[a] < instants[b]; });
    for (uint32_t i = 0; i < writes.size(); ++i) place[writes[i]] = i;
  }
  std::vector<bool> wrong(orders.size(), false);
  for (const Access& access : accesses) {
    if (place[access.older] > place[access.newer]) wrong[access.key] = true;
  }
  std::vector<std::vector<Access>> of_key(orders.size());
  for (const Access& access : accesses) {
    if (wrong[access.key]) of_key[access.key].push_back(access);
  }
  for (size_t key = 0; key < orders.size(); ++key) {
    if (!wrong[key]) continue;
    if (watch->IsSpent(orders[key].size())) return {};
    if (!Sort(of_key[key], instants, &orders[key])) return {};
  }
  return orders;
}

KeyOrders OrdersIn(const ClientOrder& clients, const std::vector<uint32_t>& order) {
  const Registers& registers = clients.registers();
  KeyOrders orders(registers.keys());
  for (const uint32_t position : order) {
    if (!registers.IsRead(position)) orders[registers.at(position).key].push_back(position);
  }
  return orders;
}

bool Explains(const ClientOrder& clients, const KeyOrders& orders, Watch* watch) {
  const Registers& registers = clients.registers();
  std::vector<uint32_t> next(registers.size(), kNoNode);  // by write
  std::vector<uint32_t> waits(registers.size(), 0);
  for (uint32_t key = 0; key < orders.size(); ++key) {
    const std::vector<uint32_t>& writes = orders[key];
    if (writes.empty()) continue;
    waits[writes[0]] = static_cast<uint32_t>(clients.ReadsOfInitial(key).size());
    for (size_t i = 1; i < writes.size(); ++i) {
      next[writes[i - 1]] = writes[i];
      waits[writes[i]] = 1 + static_cast<uint32_t>(clients.ReadsOf(writes[i - 1]).size());
    }
  }
  std::vector<uint32_t> ready;
  for (uint32_t i = 0; i < registers.size(); ++i) {
    if (!clients.Holds(i)) continue;
    if (clients.Before(i) != kNoNode) ++waits[i];
    if (registers.IsRead(i) && registers.WriteOf(i) != kInitialWrite) ++waits[i];
    if (waits[i] == 0) ready.push_back(i);
  }
  uint32_t done = 0;
  const auto release = [&](uint32_t position) {
    if (--waits[position] == 0) ready.push_back(position);
  };
  while (!ready.empty()) {
    if (watch->IsSpent()) return false;
    const uint32_t position = ready.back();
    ready.pop_back();
    ++done;
    clients.ForEachAfter(position, release);
    const uint32_t write = registers.WriteOf(position);
    if (write == kInitialWrite) {
      const std::vector<uint32_t>& writes = orders[registers.at(position).key];
      if (!writes.empty()) release(writes[0]);
    } else if (next[write] != kNoNode) {
      release(next[write]);
    }
    if (write != position) continue;
    for (const uint32_t read : clients.ReadsOf(write)) release(read);
  }
  return done == clients.count();
}

Reversed FindReversed(const Registers& registers, const KeyOrders& orders) {
  for (const std::vector<uint32_t>& writes : orders) {
    uint32_t earliest = kNoNode;  // to end, of those behind
    for (size_t i = writes.size(); i-- > 0;) {
      if (earliest != kNoNode && registers.at(earliest).end < registers.at(writes[i]).begin) {
        return {writes[i], earliest};
      }
      if (earliest == kNoNode || registers.at(writes[i]).end < registers.at(earliest).end) {
        earliest = writes[i];
      }
    }
  }
  return {};
}

}  // namespace replsim::judge
