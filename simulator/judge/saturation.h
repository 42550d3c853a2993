// Derives the precedences that hold in every order of all operations that explains a history, until
// no more can be derived. For a read R that saw write W, and another write V of the key:
//   V before R  ->  V before W     (otherwise R would have seen V)
//   W before V  ->  R before V
// A cycle proves that no such order exists. The absence of a cycle proves nothing, because the
// problem is NP-complete (P. B. Gibbons, E. Korach, "Testing shared memories", 1997). A vector
// clock per operation holds its predecessors: n operations of k clients take O(n k) memory, and O(n
// k) time per round.
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
  // Both must outlive this object.
  Saturation(const ClientOrder& clients, Watch* watch);

  enum class Result { kNoCircle, kCircle, kOutOfTime, kOutOfMemory };
  Result Run();

  // After kNoCircle: all operations, in an order that satisfies the derived precedences.
  const std::vector<uint32_t>& order() const { return order_; }
  // After kCircle: positions of operations that together prove the cycle; may be more than needed.
  std::vector<uint32_t> Proof() const;
  // After kCircle: the steps of the cycle as text, each with its reason.
  std::vector<std::string> Because() const;

 private:
  // A derived arc. cause_from before cause_to is the precedence that implies it.
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
  bool Sort();  // fills order_; false: there is a cycle
  void FillClocks();
  bool Infer();  // false: nothing more can be derived
  void InferFromRead(uint32_t read);
  void InferFromWrite(uint32_t write);
  void Add(uint32_t from, uint32_t to, uint32_t cause_from, uint32_t cause_to);
  bool IsKnown(uint32_t first, uint32_t second) const {
    return clocks_[static_cast<size_t>(second) * lanes_ + lane_[first]] >= place_[first];
  }
  // The last write of the lane that is before the operation; kNoNode if there is none.
  uint32_t LastBefore(const Writers& writers, uint32_t position) const;
  template <typename Visit>
  void ForEachNext(uint32_t position, uint32_t rounds, Visit visit) const;
  // A shortest path, using only arcs that were known after `rounds` rounds.
  std::vector<Arc> Way(uint32_t from, uint32_t to, uint32_t rounds) const;
  std::vector<Arc> Circle() const;

  const ClientOrder& clients_;
  const Registers& registers_;
  Watch* const watch_;
  uint32_t lanes_ = 0;           // one per client and one per unanswered write
  std::vector<uint32_t> lane_;   // by operation
  std::vector<uint32_t> place_;  // rank in its lane, from 1
  std::vector<std::vector<Writers>> writers_of_key_;
  std::vector<Inferred> inferred_;
  std::vector<uint32_t> first_inferred_;  // by operation: index in by_from_
  std::vector<uint32_t> by_from_;
  std::vector<uint32_t> clocks_;
  std::vector<uint32_t> order_;
  std::vector<bool> is_ordered_;
  uint32_t round_ = 0;
};

}  // namespace replsim::judge
