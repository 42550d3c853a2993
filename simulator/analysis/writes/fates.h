// The fate of every write: the answer that its client received, compared with the final primary's
// log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/recording/recording.h"

namespace replsim {

enum class Fate : uint8_t {
  kNotAWrite,  // a read
  kUndecided,  // the final log is unknown
  kAckedSurvived,
  kAckedLost,
  kUnackedGone,       // rejected, and not in the log
  kRejectedSurvived,  // breaks an invariant: a rejected write must not take effect
  kUnknownSurvived,
  kUnknownGone,
  kToldLostSurvived,  // reported as lost, but an older primary that had it leads again
  kToldLostGone,
};
const char* Name(Fate fate);  // "acknowledged, then lost" …

struct Fates {
  std::vector<Fate> of;  // one per operation, in the recording's order
  proto::RunReport::Writes writes;
  // Index of the lost acknowledged write with the lowest position; absent if none was lost.
  std::optional<size_t> first_lost;
  // Violations of invariants that the comparison found, for people.
  std::vector<std::string> breaches;
};

// Matches by (client, sequence): an operation survives if one of its attempts does. Without a final
// log only the fields about the clients' answers are set; the fates stay absent.
Fates DecideFates(const Recording& recording, const FinalLog& final_log);

}  // namespace replsim
