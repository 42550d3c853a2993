// What became of every write: what its client was told, against the final primary's log.
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
  kUndecided,  // the final log is not known
  kAckedSurvived,
  kAckedLost,
  kUnackedGone,       // rejected, and not there
  kRejectedSurvived,  // a breach: rejected means certainly not done
  kUnknownSurvived,
  kUnknownGone,
  kToldLostSurvived,  // its ticket was answered lost; there if an older log came to lead again
  kToldLostGone,
};
const char* Name(Fate fate);  // "acknowledged, then lost" …

struct Fates {
  std::vector<Fate> of;  // of every operation, in the recording's order
  proto::RunReport::Writes writes;
  // Index of the acknowledged write with the lowest position that was lost.
  std::optional<size_t> first_lost;
  // Breaches of invariants that matching brought to light, for people.
  std::vector<std::string> breaches;
};

// Matches by (client, sequence): an operation survives if one of its attempts does. Where the
// recording has no final log, only what the clients were told is set; what became of the writes
// stays absent.
Fates DecideFates(const Recording& recording, const FinalLog& final_log);

}  // namespace replsim
