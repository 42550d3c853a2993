// replsim: the program people type.
#include "absl/synchronization/mutex.h"
#include "simulator/command/command_line.h"

int main(int argc, char** argv) {
  // As in NodeMain: the check of the order of locks costs more than the locks.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return replsim::CommandLine(argc, argv);
}
