// The text side of YAML, without a parser: what must not be in a file at all, and how a scalar is
// quoted when one is written.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "simulator/scenario/mistakes.h"

namespace replsim {

inline constexpr size_t kScenarioBytesMax = size_t{1} << 20;

// The first of: more than 1 MiB, not UTF-8, a control character, a tab used to indent.
std::optional<Mistake> FindBadText(const std::string& text, const std::string& source);

// Lines count from 1; empty past the end.
std::string LineOf(const std::string& text, int line);

// The scalar as it must stand in a YAML file: quoted only if it has to be. `in_flow`: within [] or
// {}.
std::string QuoteScalar(absl::string_view text, bool in_flow);

}  // namespace replsim
