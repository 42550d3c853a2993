// Effects of the machine on a live run, as opposed to the replication mode. Pure: the samples are
// in the manifest, so a report rebuilt from the recording shows the same notes.
#pragma once

#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Whether other work on the machine made the run slower. If so, its latencies say little about the
// replication mode.
bool WasBusy(const proto::Manifest::Host& host);

// Sets report.host and report.issued_late_p99_ms, and returns notes about a busy machine or a late
// load generator. Does nothing for a run in virtual time.
std::vector<std::string> JudgeHost(const Recording& recording, proto::RunReport& report);

}  // namespace replsim
