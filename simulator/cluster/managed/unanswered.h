// The results of operations that no node answered. A write that was sent has an unknown outcome;
// any other operation is certain not to have happened.
#pragma once

#include "simulator/cluster/seam/cluster.h"

namespace replsim {

// The operation was never sent: no node could be reached.
inline OperationResult NeverSent() {
  OperationResult result;
  result.outcome = proto::REJECTED;
  result.reason = proto::UNREACHABLE;
  return result;
}

// The operation was in flight when its connection broke (DISCONNECTED) or its deadline passed
// (DEADLINE).
inline OperationResult Unanswered(bool is_write, proto::Reason why) {
  OperationResult result;
  result.outcome = is_write ? proto::UNKNOWN : proto::REJECTED;
  result.reason = why;
  return result;
}

}  // namespace replsim
