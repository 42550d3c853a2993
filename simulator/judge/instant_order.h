// One order of all writes that is often right and cheap to check: each write takes effect at an
// instant within its operation (InstantsOf), and all writes are ordered by it. This agrees with
// the order of time across keys and clients.
#pragma once

#include "simulator/judge/key_orders.h"
#include "simulator/judge/registers.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// The order of each key's writes, if in the order by instant each client's operations can follow
// one another: no client reads a value after it has seen, or written, something later than the next
// value of that key. Empty if some client's operations cannot: another order may still explain the
// history. Every value that is read must have been written. O(n log n).
KeyOrders OrdersByInstant(const Registers& registers, Watch* watch);

}  // namespace replsim::judge
