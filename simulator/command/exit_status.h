// What replsim exits with: its verdict, or a status of sysexits.h where there is none.
#pragma once

#include "absl/status/status.h"

namespace replsim {

enum ExitStatus {
  kExitHeld = 0,
  kExitNotHeld = 1,
  kExitNotJudged = 2,
  kExitUsage = 64,
  kExitFailed = 70,
  kExitInterrupted = 130,
};

// Prints what is wrong with the input of a command to stderr; returns kExitUsage.
int UsageError(const absl::Status& status);
// Prints why a command failed to stderr; returns kExitFailed, or kExitInterrupted if CANCELLED.
int Failure(const absl::Status& status);

}  // namespace replsim
