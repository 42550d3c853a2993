// What is wrong with a scenario, and where. All mistakes of a file are collected and told in one
// go; each is one line, `file:line:column: what was read, what was expected`.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace replsim {

// Where something was read. `source` is a file's path or a flag as it was typed; lines and columns
// count from 1, and are 0 in a flag.
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
  // InvalidArgument with one line per mistake in the order of the file, at most `most`; OK if none.
  absl::Status ToStatus(size_t most = kMaxTold) const;

 private:
  std::vector<Mistake> all_;  // no two alike
};

}  // namespace replsim
