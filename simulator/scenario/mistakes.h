// Mistakes in a scenario, with their places. All mistakes of a file are collected and reported
// together, one per line: `file:line:column: what was read, what was expected`. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace replsim {

// Where something was read. `source` is a file's path, or a flag as typed. Lines and columns count
// from 1; in a flag both are 0.
struct Place {
  std::string source;
  int line = 0;
  int column = 0;
  bool operator==(const Place&) const = default;
};

std::string ToString(const Place& place);

struct Mistake {
  Place place;
  std::string text;
  bool operator==(const Mistake&) const = default;
};

class Mistakes {
 public:
  static constexpr size_t kMaxTold = 20;

  void Add(const Place& place, std::string text);
  bool empty() const { return all_.empty(); }
  const std::vector<Mistake>& all() const { return all_; }
  // Returns INVALID_ARGUMENT with one line per mistake in file order, at most `most` lines; OK if
  // there are none.
  absl::Status ToStatus(size_t most = kMaxTold) const;

 private:
  std::vector<Mistake> all_;  // without duplicates
};

}  // namespace replsim
