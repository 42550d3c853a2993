#include "simulator/judge/key_orders.h"

#include <algorithm>

namespace replsim::judge {
namespace {

// Collects the constraints of each client's accesses. Returns false if a client read the initial
// value after another value.
bool FindAccesses(const ClientOrder& clients, Watch* watch, std::vector<OrderedWrites>* out) {
  const Registers& registers = clients.registers();
  Forgettable<uint32_t> last(registers.keys());
  for (uint32_t process = 0; process < registers.processes(); ++process) {
    last.Forget();
    for (const Access& access : registers.OfProcess(process)) {
      if (watch->IsSpent()) return true;
      if (!clients.Holds(access.position)) continue;
      const uint32_t* const before = last.Find(access.key);
      if (before != nullptr && *before != access.write && *before != kInitialWrite) {
        if (access.write == kInitialWrite) return false;
        out->push_back({*before, access.write});
      }
      if (access.is_answered) last[access.key] = access.write;
    }
  }
  return true;
}

}  // namespace

KeyOrders OrdersByTime(const ClientOrder& clients, Watch* watch) {
  std::vector<OrderedWrites> accesses;
  if (!FindAccesses(clients, watch, &accesses) || watch->WasSpent()) return {};
  KeyOrders orders = clients.writes_of_key();
  const std::vector<bool> fits =
      SortWrites(clients.registers(), InstantsOf(clients.registers()), accesses, &orders, watch);
  if (std::find(fits.begin(), fits.end(), false) != fits.end()) return {};
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
    clients.ForEachAfter(i, [&](uint32_t after) { ++waits[after]; });
    if (registers.IsRead(i) && registers.WriteOf(i) != kInitialWrite) ++waits[i];
  }
  for (uint32_t i = 0; i < registers.size(); ++i) {
    if (clients.Holds(i) && waits[i] == 0) ready.push_back(i);
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

}  // namespace replsim::judge
