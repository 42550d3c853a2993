// Decides a session guarantee from two sets of precedences between the writes of each key: those
// that are known, and those that the guarantee needs. The guarantee holds if some order of each
// key's writes satisfies both; it is violated if both together have a cycle. Both verdicts are
// exact.
//
// The known precedences are: the initial value is before all writes; a client's writes are in its
// order; and, with WritesInOrder::kOfTime, a write that ended before another began is before it, as
// in a store with one log.
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
  // All arguments must outlive this object. With a candidate, needs that it satisfies are not
  // examined further.
  WriteOrder(const Registers& registers, WritesInOrder by, const CandidateOrder* candidate,
             Watch* watch)
      : registers_(registers), by_(by), candidate_(candidate), watch_(watch) {}

  // The positions of the operations that show why a guarantee needs something; kNoNode if unused.
  // Their meaning depends on the guarantee.
  struct Why {
    uint32_t cause = kNoNode;
    uint32_t link = kNoNode;
    uint32_t effect = kNoNode;
  };

  // Whether `first` is known to be before `second`.
  bool IsBefore(uint32_t first, uint32_t second) const;

  // Adds the need that `older` is before `newer`, two writes of one key, unless they are the same
  // write. Returns true if the need contradicts the known order, so that `effect` shows a
  // violation.
  bool Need(uint32_t older, uint32_t newer, const Why& why);

  // The same, but it is also a violation if the two writes are the same.
  void NeedStrictly(uint32_t older, uint32_t newer, const Why& why);

  // Records a violation that does not depend on the order. `why` shows it. If the writes differ, it
  // also shows that `older` would have to be before `newer`, which it is not.
  void Refuse(uint32_t older, uint32_t newer, const Why& why);

  // Counts an operation that could have shown a violation; `bad`: it did.
  void Count(bool bad) {
    ++checked_;
    bad_ += bad ? 1 : 0;
  }

  // Returns the text of a need: "process 1 read 1 (line 9) after it had read 2 (line 7)".
  using Tell = std::string (*)(const Registers&, const Why&);
  // Fills all fields of the verdict except the guarantee's name.
  void Decide(Tell tell, Verdict* verdict);

  // With a candidate: the needs that it does not satisfy and that are not known either. Empty if a
  // violation was recorded.
  std::vector<OrderedWrites> Open() const;

  // Adds `bytes` to the memory in use. Returns false if that exceeds the budget; the verdict then
  // becomes unknown.
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
  std::vector<Needed> needed_;  // needs that the known order does not satisfy
  size_t bytes_ = 0;
  bool is_out_of_memory_ = false;
  bool is_contradicted_ = false;
  Needed contradicted_;  // the contradicted need whose effect began first
  uint64_t checked_ = 0;
  uint64_t bad_ = 0;
};

}  // namespace replsim::judge
