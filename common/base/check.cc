#include "common/base/check.h"

#include <cstdio>
#include <cstdlib>

#include "common/base/failure_context.h"

namespace replsim {

void CheckFailed(const char* file, int line, const char* condition, const std::string& detail) {
  const std::string context = FailureContext::Describe();
  std::fprintf(stderr, "%s:%d: check failed: %s%s%s%s%s\n", file, line, condition,
               detail.empty() ? "" : ": ", detail.c_str(), context.empty() ? "" : "; ",
               context.c_str());
  std::fflush(stderr);
  std::abort();
}

}  // namespace replsim
