#include "simulator/command/exit_status.h"

#include <cstdio>
#include <string>

namespace replsim {
namespace {

void Print(const absl::Status& status) {
  std::fprintf(stderr, "replsim: %s\n", std::string(status.message()).c_str());
}

}  // namespace

int UsageError(const absl::Status& status) {
  Print(status);
  return kExitUsage;
}

int Failure(const absl::Status& status) {
  Print(status);
  return absl::IsCancelled(status) ? kExitInterrupted : kExitFailed;
}

}  // namespace replsim
