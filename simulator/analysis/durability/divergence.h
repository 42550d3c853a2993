// Checks that all nodes ended with the same data, and that this data matches the final log.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct DivergenceFindings {
  proto::RunReport::Divergence divergence;
  std::vector<std::string> breaches;
  std::vector<std::string> notes;
};

DivergenceFindings CheckDivergence(const Recording& recording, const FinalLog& final_log,
                                   const Fates& fates);

// The state that replaying `log` up to LSN `up_to` must produce: the newest applied write of each
// key, in key order. As in the nodes' own store, a request that is not newer than its client's last
// applied request changes nothing.
struct Replay {
  std::vector<FinalEntry> state;
  // Skipped entries that repeat no earlier entry: a newer request of the same client was logged
  // first.
  std::vector<const LogEntry*> overtaken;
};
Replay ReplayLog(const FinalLog& log, uint64_t up_to = std::numeric_limits<uint64_t>::max());

}  // namespace replsim
