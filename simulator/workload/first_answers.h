// A read that several nodes were asked for, and that takes the newest of the first answers: what
// later ones say is ignored, even if they know better, for nobody waits for them.
#pragma once

#include <cstddef>

#include "simulator/cluster/seam/cluster.h"

namespace replsim {

class FirstAnswers {
 public:
  // `done` is called once, from inside Add: with the newest of the first `needed` answers, or, when
  // refusals leave fewer than that to hope for, with the refusal that did. 1 <= needed <= asked.
  FirstAnswers(size_t asked, size_t needed, OperationDone done);

  // What one of those asked has said, in the order in which it came.
  void Add(OperationResult result);

 private:
  void End(OperationResult result);

  size_t awaited_;      // of those asked
  size_t needed_;       // answers, still
  OperationDone done_;  // null: called
  OperationResult newest_;
};

}  // namespace replsim
