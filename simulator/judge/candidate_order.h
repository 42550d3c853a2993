// A guess at the order in which each key's writes took effect, consistent with the known order
// (write_order.h). If the guess satisfies all needs of a guarantee, the guarantee holds and no
// other order is examined.
//
// Writes are sorted by the earlier of two instants: when the write had certainly taken effect, and
// when its value was last read. Every linearizable history is explained by this order. If one
// client's reads saw two values in another order, the guess follows the reads.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// By key: an order of the key's writes.
using KeyOrders = std::vector<std::vector<uint32_t>>;

// A constraint on two writes of one key: `older` must be before `newer`.
struct OrderedWrites {
  uint32_t older = 0;
  uint32_t newer = 0;
};

// An instant at which each write may have taken effect, indexed by position.
std::vector<int64_t> InstantsOf(const Registers& registers);

// Sorts each key's writes by instant, subject to the constraints `ordered`. Returns one flag per
// key: false if the constraints form a cycle; the key's writes are then in any order.
std::vector<bool> SortWrites(const Registers& registers, const std::vector<int64_t>& instants,
                             const std::vector<OrderedWrites>& ordered, KeyOrders* orders,
                             Watch* watch);

// A pair of writes of one key in the wrong order: `second` had ended before `first` began.
struct Reversed {
  uint32_t first = kNoNode;  // kNoNode: no such pair
  uint32_t second = kNoNode;
};
Reversed FindReversed(const Registers& registers, const std::vector<uint32_t>& writes);

class CandidateOrder {
 public:
  // `registers` must outlive this object.
  CandidateOrder(const Registers& registers, WritesInOrder by, Watch* watch);

  WritesInOrder by() const { return by_; }
  // Whether the order is usable. It is not if overlapping operations of one client left no valid
  // order.
  bool is_valid() const { return is_valid_; }
  // The rank of a write among its key's writes, from 1; the initial value has rank 0.
  uint32_t PlaceOf(uint32_t write) const { return write == kInitialWrite ? 0 : places_[write]; }

  // Changes the order to satisfy these constraints too. Returns false if that is impossible or
  // contradicts the known order.
  bool Follow(const std::vector<OrderedWrites>& ordered, Watch* watch);

 private:
  bool SortKeys(Watch* watch);
  bool Agrees(const std::vector<uint32_t>& writes) const;

  const Registers& registers_;
  WritesInOrder by_;
  std::vector<int64_t> instants_;
  std::vector<OrderedWrites> of_clients_;  // constraints of each client's writes
  std::vector<OrderedWrites> hints_;
  KeyOrders orders_;
  std::vector<uint32_t> places_;
  bool is_valid_ = true;
};

}  // namespace replsim::judge
