// Explains YAML syntax errors in plain words, at the place where they begin. The parser notices an
// open bracket, or a list among keys, only lines later, and reports its own grammar. Pure.
#pragma once

#include <string>

#include "simulator/scenario/mistakes.h"

namespace replsim {

// `where` is the place at which the parser stopped; `said` is its message.
Mistake ExplainSyntax(const std::string& text, const Place& where, const std::string& said);

}  // namespace replsim
