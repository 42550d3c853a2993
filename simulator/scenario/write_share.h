// The share of operations that change keys, 0 to 1.
#pragma once

#include "protos/scenario.pb.h"

namespace replsim {

inline double WriteShare(const proto::Mix& mix) {
  const double writes = mix.write() + mix.delete_() + mix.cas() + mix.append();
  const double all = writes + mix.read();
  return all > 0 ? writes / all : 0;
}

}  // namespace replsim
