// Macros that return an absl::Status error to the caller, and a function that adds context to one.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace replsim {

// Returns a status of the same code whose message begins with "<where>: ".
inline absl::Status Annotate(const absl::Status& status, absl::string_view where) {
  return absl::Status(status.code(), absl::StrCat(where, ": ", status.message()));
}

}  // namespace replsim

#define REPL_RETURN_IF_ERROR(expression)                                                \
  do {                                                                                  \
    if (absl::Status repl_status = (expression); !repl_status.ok()) return repl_status; \
  } while (false)

#define REPL_CONCAT_INNER(a, b) a##b
#define REPL_CONCAT(a, b) REPL_CONCAT_INNER(a, b)
#define REPL_ASSIGN_OR_RETURN(target, expression) \
  REPL_ASSIGN_OR_RETURN_IMPL(REPL_CONCAT(repl_or_, __LINE__), target, expression)
#define REPL_ASSIGN_OR_RETURN_IMPL(holder, target, expression) \
  auto holder = (expression);                                  \
  if (!holder.ok()) return holder.status();                    \
  target = *std::move(holder)
