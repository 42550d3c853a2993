// Sequential consistency for a given order of each key's writes, decided in linear time. Every
// operation comes after those that ClientOrder has before it, a read after its write, and a write
// after the previous write of its key and that write's reads. If these constraints have no cycle,
// any order that satisfies them explains the history.
#pragma once

#include <cstdint>
#include <vector>

#include "simulator/judge/candidate_order.h"
#include "simulator/judge/client_order.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// The orders suggested by time (candidate_order.h), adjusted to each client's accesses to a key.
// Empty if the accesses contradict each other.
KeyOrders OrdersByTime(const ClientOrder& clients, Watch* watch);

// The orders of each key's writes within an order of all operations.
KeyOrders OrdersIn(const ClientOrder& clients, const std::vector<uint32_t>& order);

bool Explains(const ClientOrder& clients, const KeyOrders& orders, Watch* watch);

}  // namespace replsim::judge
