#include "simulator/command/exit_status.h"

#include <cstdio>
#include <string>

namespace replsim {

int UsageError(const absl::Status& status) {
  std::fprintf(stderr, "replsim: %s\n", std::string(status.message()).c_str());
  return kExitUsage;
}

}  // namespace replsim
