// Stale reads (consistency.h has the definition), found by walking each key's acknowledged writes
// and its reads in time.
#pragma once

#include <cstdint>
#include <vector>

#include "common/stats/samples.h"
#include "simulator/analysis/evidence/anomaly.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/writes/fates.h"

namespace replsim {

struct StaleReads {
  AnomalyCounter all;
  AnomalyCounter missing_lost;  // that missed a write which is not in the final log
  AnomalyCounter on_replicas;   // answered by a node that was not leading then
  Samples staleness_ns;
  Samples versions;
  std::vector<int64_t> invoked_ns;  // of each
};

StaleReads FindStaleReads(const Recording& recording, const Lineages& lineages, const Fates& fates);

// Whether the node that answered was leading when it did; nothing where nobody is known to have
// led.
std::optional<bool> ServedByLeader(const Lineages& lineages, const Operation& read);
// "client 3 read k0713 on r2 at 1.204 s and saw 3:100"
std::string DescribeRead(const Recording& recording, const Operation& read);

}  // namespace replsim
