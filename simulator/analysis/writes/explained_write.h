// The history of one write: its fate, its stages on every node, and its critical path.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/analysis/writes/critical_path.h"
#include "simulator/analysis/writes/find_write.h"
#include "simulator/analysis/writes/write_life.h"

namespace replsim {

struct ExplainedWrite {
  std::string heading;    // "3:4211 key k0713 · client 4 request 12 · acknowledged, then lost"
  std::string elsewhere;  // its position in the final log if that differs; else empty
  int64_t origin_ns = 0;  // its invocation, or its first moment if that is unknown
  double origin_s = 0;    // the same in seconds since the load began
  std::vector<Moment> life;
  std::vector<Wait> waits;
  bool lost = false;  // acknowledged, but not in the final log
  std::string loss;   // first lost write only: what each replica had when its primary was lost
};

ExplainedWrite Explain(const KnownWrites& evidence, const WriteRef& write);

}  // namespace replsim
