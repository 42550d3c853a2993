// Checks for programmer errors. They stay on in release builds: a node that has lost track of its
// own invariants must stop, not answer clients.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"

namespace replsim {

// Prints the message to stderr, with the FailureContext of this thread, and aborts the process.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              const std::string& detail);

}  // namespace replsim

// Example: REPL_CHECK(a <= b, "a=", a, " b=", b). The arguments after the condition are those of
// absl::StrCat. They are evaluated only if the condition is false.
#define REPL_CHECK(condition, ...)                                                       \
  do {                                                                                   \
    if (!(condition)) [[unlikely]] {                                                     \
      ::replsim::CheckFailed(__FILE__, __LINE__, #condition, absl::StrCat(__VA_ARGS__)); \
    }                                                                                    \
  } while (false)
