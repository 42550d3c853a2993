// Extracts the #include lines of a file.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/tidy/rules.h"

namespace replsim::tidy {

struct Include {
  size_t line = 0;
  std::string target;  // includes the delimiters: "common/base/ids.h" or <thread>
  bool quoted() const { return target.front() == '"'; }
  std::string path() const { return target.substr(1, target.size() - 2); }
};

std::vector<Include> IncludesOf(const File& file);

}  // namespace replsim::tidy
