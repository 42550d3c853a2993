// What is known of the order in which the writes of each key took effect, and what a session
// guarantee needs of it. The guarantee holds if some order of each key's writes agrees with both;
// it is violated if the two together go round in a circle. Both verdicts are exact.
//
// Known is: the initial value is before all writes; a client's writes are in its order; and, by
// time, a write that ended before another began is before it, as in a store with one log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "simulator/judge/candidate_order.h"
#include "simulator/judge/graph.h"
#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

class WriteOrder {
 public:
  // All outlive this. With a candidate, what it agrees with is not looked at any further.
  WriteOrder(const Registers& registers, WritesInOrder by, const CandidateOrder* candidate,
             Watch* watch)
      : registers_(registers), by_(by), candidate_(candidate), watch_(watch) {}

  // The operations that show why a guarantee needs something, by position; kNoNode: no operation.
  // What they stand for is the guarantee's own.
  struct Why {
    uint32_t cause = kNoNode;
    uint32_t link = kNoNode;
    uint32_t effect = kNoNode;
  };

  // Whether the first is known to be before the second.
  bool IsBefore(uint32_t first, uint32_t second) const;

  // The guarantee needs `older` to be before `newer`, writes of one key, unless they are the same.
  // True: that is known to be wrong, so `effect` is one of the bad operations.
  bool Need(uint32_t older, uint32_t newer, const Why& why);

  // The same, and they cannot be the same: then the guarantee is violated.
  void NeedStrictly(uint32_t older, uint32_t newer, const Why& why);

  // The guarantee is violated whatever the order is: `why` shows it, and, if they are not the same,
  // that `older` would have to be before `newer`, which it is not.
  void Refuse(uint32_t older, uint32_t newer, const Why& why);

  // An operation that could have shown a violation was looked at; whether it did.
  void Count(bool bad) {
    ++checked_;
    bad_ += bad ? 1 : 0;
  }

  // How a guarantee tells a need: "process 1 read 1 (line 9) after it had read 2 (line 7)".
  using Tell = std::string (*)(const Registers&, const Why&);
  // Fills everything but the guarantee's name.
  void Decide(Tell tell, Verdict* verdict);

  // With a candidate: where it does not agree, and nothing is known; nothing if it was refused.
  std::vector<OrderedWrites> Open() const;

  // False: that is more than the budget's memory, and the verdict becomes unknown.
  bool TakesMemory(size_t bytes);

  const CandidateOrder* candidate() const { return candidate_; }
  Watch& watch() { return *watch_; }

 private:
  struct Needed {
    uint32_t older = kNoNode;
    uint32_t newer = kNoNode;
    Why why;
  };

  void Contradict(const Needed& needed);
  void NeedClientsOrder();
  std::vector<uint32_t> Nodes() const;
  Graph BuildGraph(const std::vector<uint32_t>& nodes) const;
  std::string KnownText(uint32_t first, uint32_t second, const Why& why, uint32_t key) const;
  void Witness(const Needed& needed, Verdict* verdict) const;
  void TellContradiction(const Needed& needed, Tell tell, Verdict* verdict) const;
  void TellCycle(const std::vector<uint32_t>& nodes, const std::vector<Graph::CycleArc>& cycle,
                 Tell tell, Verdict* verdict) const;

  const Registers& registers_;
  const WritesInOrder by_;
  const CandidateOrder* const candidate_;
  Watch* const watch_;
  std::vector<Needed> needed_;  // what is not known already
  size_t bytes_ = 0;
  bool is_out_of_memory_ = false;
  bool is_contradicted_ = false;
  Needed contradicted_;  // of those, the one whose effect began first; older is newer: refused
  uint64_t checked_ = 0;
  uint64_t bad_ = 0;
};

}  // namespace replsim::judge
