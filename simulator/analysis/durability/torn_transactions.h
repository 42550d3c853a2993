// Transactions that a node holds in part. Every node must hold all keys of a transaction or none,
// as far as later writes have not overwritten them.
#pragma once

#include <cstdint>
#include <string>

#include "simulator/recording/recording.h"

namespace replsim {

struct TornTransactions {
  // Transactions in the logs of the nodes, and those of them that the final read of a node shows in
  // part.
  uint64_t checked = 0;
  uint64_t torn = 0;
  // The first one, for people: "c3-17 at 1:42 wrote k0004 to k0005, but r1 has it in k0004 and 1:30
  // in k0005".
  std::string first;
};

// Compares the position of each key in the final reads. Nodes without a final read or without
// positions are skipped. Checks nothing if the run did not converge.
TornTransactions FindTornTransactions(const Recording& recording);

}  // namespace replsim
