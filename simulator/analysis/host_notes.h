// What of a live run is the machine's and not the replication mode's. Pure; the samples are in the
// manifest, so that a report made from a recording says the same.
#pragma once

#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Fills in report.host and report.issued_late_p99_ms, and returns the notes that follow from them:
// a busy machine, a load generator that was late. Nothing of a run in virtual time.
std::vector<std::string> JudgeHost(const Recording& recording, proto::RunReport& report);

}  // namespace replsim
