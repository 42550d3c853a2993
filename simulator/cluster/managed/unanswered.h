// How an operation ends that no node has answered. In each case the client knows all that can be
// known: a write that was sent may have happened, everything else certainly did not.
#pragma once

#include "simulator/cluster/seam/cluster.h"

namespace replsim {

// No node could be reached, so it was never sent.
inline OperationResult NeverSent() {
  OperationResult result;
  result.outcome = proto::REJECTED;
  result.reason = proto::UNREACHABLE;
  return result;
}

// It was in flight when its connection broke (DISCONNECTED) or its deadline passed (DEADLINE).
inline OperationResult Unanswered(bool is_write, proto::Reason why) {
  OperationResult result;
  result.outcome = is_write ? proto::UNKNOWN : proto::REJECTED;
  result.reason = why;
  return result;
}

}  // namespace replsim
