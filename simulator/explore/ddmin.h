// Delta debugging: of a set that fails, a subset that still fails and of which no element can be
// left out (Zeller & Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace replsim {

// Elements are 0 … count - 1, always in order. `fails` is taken to hold for all of them, and is
// asked about the empty set first; it may begin to say no to everything, which ends the search.
std::vector<size_t> MinimalSubset(size_t count,
                                  const std::function<bool(const std::vector<size_t>&)>& fails);

}  // namespace replsim
