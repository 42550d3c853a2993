// Sequential consistency with a given order of each key's writes, which is decided at once: every
// operation is after its client's operation before it, a read after its write, a write after the
// write before it and that one's reads. If these do not go round in a circle, any order that agrees
// with them explains the history.
#pragma once

#include <cstdint>
#include <vector>

#include "simulator/judge/candidate_order.h"
#include "simulator/judge/client_order.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// The order that time suggests (candidate_order.h), changed where one client's accesses to a key
// say otherwise. Empty: they contradict each other.
KeyOrders OrdersByTime(const ClientOrder& clients, Watch* watch);

// The orders in which the writes of each key stand in an order of all operations.
KeyOrders OrdersIn(const ClientOrder& clients, const std::vector<uint32_t>& order);

bool Explains(const ClientOrder& clients, const KeyOrders& orders, Watch* watch);

}  // namespace replsim::judge
