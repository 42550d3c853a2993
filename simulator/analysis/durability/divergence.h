// Whether the nodes ended up with the same data, and whether that data is what the log says.
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

// What the keys must hold after `log` up to LSN `up_to`: for every key its newest applied write, in
// key order. A request that is not newer than its client's last applied one changes nothing, as in
// the nodes' own store.
struct Replay {
  std::vector<FinalEntry> state;
  // Entries that were skipped without being repetitions: logged after a newer request of their
  // client.
  std::vector<const LogEntry*> overtaken;
};
Replay ReplayLog(const FinalLog& log, uint64_t up_to = std::numeric_limits<uint64_t>::max());

}  // namespace replsim
