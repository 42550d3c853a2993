// Text functions for YAML without a parser: forbidden content, and quoting of scalars. Pure.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "simulator/scenario/mistakes.h"

namespace replsim {

inline constexpr size_t kScenarioBytesMax = size_t{1} << 20;

// Reports the first of: more than 1 MiB, invalid UTF-8, a control character, a tab used to indent.
std::optional<Mistake> FindBadText(const std::string& text, const std::string& source);

// Lines count from 1; returns an empty text past the end.
std::string LineOf(const std::string& text, int line);

// Returns the scalar as it must appear in a YAML file, quoted only if necessary. `in_flow`: within
// [] or {}.
std::string QuoteScalar(absl::string_view text, bool in_flow);

}  // namespace replsim
