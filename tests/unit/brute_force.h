// Decides small histories by trying every order: the reference for the judge.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

#include "simulator/history/history.h"

namespace replsim::history {

// Returns whether some order of the operations of one key is legal and respects time. Operations
// without an answer may be left out. For histories with appends, values are texts.
inline bool IsLinearizableByBruteForce(const History& history) {
  const std::vector<Operation>& operations = history.operations;
  std::vector<bool> used(operations.size(), false);
  const std::function<bool(const std::string&)> place = [&](const std::string& state) {
    bool all = true;
    for (size_t i = 0; i < operations.size(); ++i) {
      const Operation& next = operations[i];
      if (used[i]) continue;
      if (next.end != kNever) all = false;
      bool first = true;
      for (size_t j = 0; j < operations.size(); ++j) {
        const bool own = operations[j].process == next.process && j < i;
        if (used[j] || j == i || operations[j].end == kNever) continue;
        first =
            first && !(operations[j].end < next.begin || (own && operations[j].end == next.begin));
      }
      if (!first) continue;
      const std::string& value = history.TextOf(next.value);
      const bool expected = state == history.TextOf(next.expected);
      std::string after = state;
      if (next.kind == Kind::kRead && state != value) continue;
      if (next.kind == Kind::kWrite) after = value;
      if (next.kind == Kind::kAppend) after = state + value;
      if (next.kind == Kind::kCas) {
        if (expected == (next.outcome == Outcome::kNo)) continue;
        if (next.outcome != Outcome::kNo) after = value;
      }
      used[i] = true;
      const bool placed = place(after);
      used[i] = false;
      if (placed) return true;
    }
    return all;
  };
  return place(history.model == Model::kKvAppend ? "" : history.TextOf(history.initial));
}

}  // namespace replsim::history
