// What must be before what in any order of all operations that explains a history, found step by
// step until nothing follows any more. Of a read R that saw write W, and another write V of the
// key:
//   V before R  ->  V before W     (else R would have seen V)
//   W before V  ->  R before V
// A circle proves that there is no such order. None proves nothing: the question is NP-complete
// (P. B. Gibbons, E. Korach, "Testing shared memories", 1997). A clock per operation says what is
// before it: n operations of k clients take O(n k) memory, and O(n k) time in each round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "simulator/judge/client_order.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

class Saturation {
 public:
  // Both outlive this.
  Saturation(const ClientOrder& clients, Watch* watch);

  enum class Result { kNoCircle, kCircle, kOutOfTime, kOutOfMemory };
  Result Run();

  // After kNoCircle: all operations, in an order that agrees with what was found.
  const std::vector<uint32_t>& order() const { return order_; }
  // After kCircle: operations that together prove it, by position; more than are needed.
  std::vector<uint32_t> Proof() const;
  // After kCircle: what is before what, and why, once around.
  std::vector<std::string> Because() const;

 private:
  // An arc that was inferred: what is before what makes it so.
  struct Inferred {
    uint32_t from = 0;
    uint32_t to = 0;
    uint32_t cause_from = kNoNode;
    uint32_t cause_to = kNoNode;
    uint32_t round = 0;
  };
  struct Arc {
    uint32_t from = kNoNode;
    uint32_t inferred = kNoNode;  // kNoNode: the client's order, or a read of a write
  };
  struct Writers {
    uint32_t lane = 0;
    std::vector<uint32_t> writes;  // in order
  };

  void NumberLanes();
  bool Sort();  // fills order_; false: a circle
  void FillClocks();
  bool Infer();  // false: nothing new
  void InferFromRead(uint32_t read);
  void InferFromWrite(uint32_t write);
  void Add(uint32_t from, uint32_t to, uint32_t cause_from, uint32_t cause_to);
  bool IsKnown(uint32_t first, uint32_t second) const {
    return clocks_[static_cast<size_t>(second) * lanes_ + lane_[first]] >= place_[first];
  }
  // The last write of the lane that is before the operation; kNoNode: none is.
  uint32_t LastBefore(const Writers& writers, uint32_t position) const;
  template <typename Visit>
  void ForEachNext(uint32_t position, uint32_t rounds, Visit visit) const;
  // A shortest way, by arcs that were known after `rounds` rounds.
  std::vector<Arc> Way(uint32_t from, uint32_t to, uint32_t rounds) const;
  std::vector<Arc> Circle() const;

  const ClientOrder& clients_;
  const Registers& registers_;
  Watch* const watch_;
  uint32_t lanes_ = 0;           // clients; a write that was never answered is in one of its own
  std::vector<uint32_t> lane_;   // by operation
  std::vector<uint32_t> place_;  // in its lane, from 1 on
  std::vector<std::vector<Writers>> writers_of_key_;
  std::vector<Inferred> inferred_;
  std::vector<uint32_t> first_inferred_;  // by operation: in by_from_
  std::vector<uint32_t> by_from_;
  std::vector<uint32_t> clocks_;
  std::vector<uint32_t> order_;
  std::vector<bool> is_ordered_;
  uint32_t round_ = 0;
};

}  // namespace replsim::judge
