// A read sent to several nodes that returns the newest of the first answers. Later answers are
// ignored, even if they are newer, because the client does not wait for them. Pure.
#pragma once

#include <cstddef>

#include "simulator/cluster/seam/cluster.h"

namespace replsim {

class QuorumRead {
 public:
  // `done` is called once, inside Add: with the newest of the first `needed` answers, or with the
  // refusal after which fewer than `needed` answers remain possible. 1 <= needed <= asked.
  QuorumRead(size_t asked, size_t needed, OperationDone done);

  // Adds the answer or refusal of one node, in the order of arrival.
  void Add(OperationResult result);

 private:
  void End(OperationResult result);

  size_t awaited_;      // nodes that have not answered
  size_t needed_;       // answers still needed
  OperationDone done_;  // null once it has been called
  OperationResult newest_;
};

}  // namespace replsim
