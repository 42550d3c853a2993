// The interface between exploring and the cluster: a trial is a function from a scenario to its
// report. The caller provides it, so exploring depends on no cluster.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "protos/report.pb.h"
#include "protos/scenario.pb.h"

namespace replsim {

// `resolved` has every knob explicit. The same scenario must give the same report. The trial may
// abort the process, as the cores do when an invariant fails.
using RunTrial = std::function<absl::StatusOr<proto::RunReport>(const proto::Scenario& resolved)>;

// How a trial ended, as seen from another process.
struct TrialEnd {
  enum class How {
    kReported,
    kFailed,  // the run could not be done; `words` is its status
    kDied,    // aborted or killed by a signal; `words` is the last line on stderr
    kStuck,   // exceeded its time limit
  };
  How how = How::kReported;
  proto::RunReport report;  // for kReported
  std::string words;
};

}  // namespace replsim
