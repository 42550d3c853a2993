// The weights of a workload's mix.
#pragma once

#include "protos/scenario.pb.h"

namespace replsim {

// The sum of the weights of operations that change keys.
inline double WriteWeight(const proto::Mix& mix) {
  return mix.write() + mix.delete_() + mix.cas() + mix.append() + mix.transaction();
}

// The share of operations that change keys, 0 to 1.
inline double WriteShare(const proto::Mix& mix) {
  const double writes = WriteWeight(mix);
  const double all = writes + mix.read();
  return all > 0 ? writes / all : 0;
}

}  // namespace replsim
