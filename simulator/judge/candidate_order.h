// An order of each key's writes that agrees with what is known of it (write_order.h): a guess at
// the order in which they took effect. If it gives a guarantee all that it needs, the guarantee
// holds, and nothing else has to be looked at.
//
// Writes are sorted by the instant at which each was certainly there or last asked for, whichever
// is earlier: a linearizable history is explained by that. Where a client's reads saw two values in
// another order, they are followed.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// By key: its writes, in an order.
using KeyOrders = std::vector<std::vector<uint32_t>>;

// Of two writes of a key, one that is to be before the other.
struct OrderedWrites {
  uint32_t older = 0;
  uint32_t newer = 0;
};

// When each write may have taken effect; by position.
std::vector<int64_t> InstantsOf(const Registers& registers);

// Sorts each key's writes by instant, changed where `ordered` says otherwise. By key: false: they
// go round in a circle; the key's writes are in any order.
std::vector<bool> SortWrites(const Registers& registers, const std::vector<int64_t>& instants,
                             const std::vector<OrderedWrites>& ordered, KeyOrders* orders,
                             Watch* watch);

// Of one key: a write and a later one in the order that had ended before the first began.
struct Reversed {
  uint32_t first = kNoNode;  // kNoNode: there are none
  uint32_t second = kNoNode;
};
Reversed FindReversed(const Registers& registers, const std::vector<uint32_t>& writes);

class CandidateOrder {
 public:
  // `registers` outlives this.
  CandidateOrder(const Registers& registers, WritesInOrder by, Watch* watch);

  WritesInOrder by() const { return by_; }
  // Else it proves nothing: clients' operations that overlap themselves left no order.
  bool is_valid() const { return is_valid_; }
  // Among its key's writes, from 1 on; the initial value is at 0.
  uint32_t PlaceOf(uint32_t write) const { return write == kInitialWrite ? 0 : places_[write]; }

  // Changes it so that it also agrees with these. False: it cannot be changed, or does not agree
  // any more with what is known.
  bool Follow(const std::vector<OrderedWrites>& ordered, Watch* watch);

 private:
  bool SortKeys(Watch* watch);
  bool Agrees(const std::vector<uint32_t>& writes) const;

  const Registers& registers_;
  WritesInOrder by_;
  std::vector<int64_t> instants_;
  std::vector<OrderedWrites> of_clients_;  // each client's writes
  std::vector<OrderedWrites> hints_;
  KeyOrders orders_;
  std::vector<uint32_t> places_;
  bool is_valid_ = true;
};

}  // namespace replsim::judge
