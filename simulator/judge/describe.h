// Operations as texts, for reasons and explanations.
#pragma once

#include <cstdint>
#include <string>

#include "simulator/history/history.h"

namespace replsim::judge {

// "process 3 wrote 7 (line 12, answered in line 15)".
std::string Describe(const history::History& history, const history::Operation& operation);
// "process 3 wrote x = 7 (line 12)"; without the key if the history has only one.
std::string DescribeWithKey(const history::History& history, const history::Operation& operation);

// "x = " before a value of the key; empty if the key has no name, as that of a single register.
std::string BeforeValueOf(const history::History& history, uint32_t key);
// "x", or "value" if the key has no name.
std::string ObjectOf(const history::History& history, uint32_t key);

}  // namespace replsim::judge
