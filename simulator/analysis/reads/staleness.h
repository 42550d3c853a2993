// Finds stale reads (consistency.h has the definition) by walking each key's acknowledged writes
// and reads in order of time.
#pragma once

#include <cstdint>
#include <vector>

#include "common/stats/samples.h"
#include "simulator/analysis/evidence/anomaly.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/writes/fates.h"

namespace replsim {

struct StaleReads {
  AnomalyCounter all;
  AnomalyCounter missing_lost;  // missed a write that is not in the final log
  AnomalyCounter on_replicas;   // answered by a node that was not the leader then
  Samples staleness_ns;
  Samples versions;
  std::vector<int64_t> invoked_ns;      // of each stale read
  std::vector<const Operation*> reads;  // the stale reads, in the recording
};

StaleReads FindStaleReads(const Recording& recording, const LeadershipHistory& leadership_history,
                          const Fates& fates);

// Whether the answering node was the leader at the time; absent if no leader is known then.
std::optional<bool> ServedByLeader(const LeadershipHistory& leadership_history,
                                   const Operation& read);
// "client 3 read k0713 on r2 at 1.204 s and saw 3:100"
std::string DescribeRead(const Recording& recording, const Operation& read);

}  // namespace replsim
