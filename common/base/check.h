// Checks for programmer errors. They stay on in release builds: a node that has lost track of its
// own invariants must stop, not answer clients.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"

namespace replsim {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              const std::string& detail);

}  // namespace replsim

// REPL_CHECK(a <= b, "a=", a, " b=", b): the rest is what absl::StrCat takes, evaluated on failure.
#define REPL_CHECK(condition, ...)                                                       \
  do {                                                                                   \
    if (!(condition)) [[unlikely]] {                                                     \
      ::replsim::CheckFailed(__FILE__, __LINE__, #condition, absl::StrCat(__VA_ARGS__)); \
    }                                                                                    \
  } while (false)
