// Delta debugging: from a failing set, finds a subset that still fails and that stops failing when
// any one element is removed (Zeller & Hildebrandt, "Simplifying and Isolating Failure-Inducing
// Input", 2002). Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace replsim {

// Elements are 0 … count - 1, always in ascending order. `fails` is assumed to hold for all of
// them. It is asked about the empty set first. If it starts to return false always, the search
// ends.
std::vector<size_t> MinimalSubset(size_t count,
                                  const std::function<bool(const std::vector<size_t>&)>& fails);

}  // namespace replsim
