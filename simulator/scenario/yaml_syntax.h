// What is wrong with a text that is no YAML, in plain words and where it begins. The parser notices
// an open bracket, or a list among keys, only lines later, and names its own grammar.
#pragma once

#include <string>

#include "simulator/scenario/mistakes.h"

namespace replsim {

// `where` is the place at which the parser gave up, `said` its own words.
Mistake ExplainSyntax(const std::string& text, const Place& where, const std::string& said);

}  // namespace replsim
