// The exit statuses of replsim: its verdict, or a status from sysexits.h if there is no verdict.
#pragma once

#include "absl/status/status.h"

namespace replsim {

enum ExitStatus {
  kExitHeld = 0,           // every expectation held, no violation
  kExitNotHeld = 1,        // an expectation failed, or an invariant was violated
  kExitNotJudged = 2,      // a verdict could not be reached
  kExitUsage = 64,         // bad usage or input
  kExitFailed = 70,        // internal error
  kExitInterrupted = 130,  // interrupted by a signal
};

// Prints the error in a command's input to stderr; returns kExitUsage.
int UsageError(const absl::Status& status);
// Prints the reason of a failure to stderr; returns kExitFailed, or kExitInterrupted for CANCELLED.
int Failure(const absl::Status& status);

}  // namespace replsim
