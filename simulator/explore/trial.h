// One run of one scenario, as exploring sees it: a function from a scenario to its report. What
// runs it is for the caller to bring; exploring knows no cluster.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "protos/report.pb.h"
#include "protos/scenario.pb.h"

namespace replsim {

// `resolved` has every knob explicit. Must give the same report for the same scenario. May abort
// the process: the cores do when they find that they have broken an invariant.
using RunTrial = std::function<absl::StatusOr<proto::RunReport>(const proto::Scenario& resolved)>;

// How a trial ended, seen from another process.
struct TrialEnd {
  enum class How {
    kReported,
    kFailed,  // the run itself could not be done; `words` is its status
    kDied,    // aborted, or killed by a signal; `words` is the last line it said
    kStuck,   // not done in the time it had
  };
  How how = How::kReported;
  proto::RunReport report;  // of kReported
  std::string words;
};

}  // namespace replsim
