// The whole story of one write: what it was, what every node did with it, what it waited for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/analysis/writes/find_write.h"
#include "simulator/analysis/writes/waits.h"
#include "simulator/analysis/writes/write_life.h"

namespace replsim {

struct ExplainedWrite {
  std::string heading;    // 3:4211 key k0713 · client 4 request 12 · acknowledged, then lost
  std::string elsewhere;  // where it lies in the final log, if not there; else empty
  int64_t origin_ns = 0;  // its invocation; its first moment where that is not known
  double origin_s = 0;    // the same, since the load began
  std::vector<Moment> life;
  std::vector<Wait> waits;
  bool lost = false;  // acknowledged, and not in the final log
  std::string loss;   // of the first lost write: who had what when its primary was lost
};

ExplainedWrite Explain(const KnownWrites& evidence, const WriteRef& write);

}  // namespace replsim
