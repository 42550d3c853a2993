// Aligned columns for the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

constexpr size_t kScreenWidth = 100;

// Columns as wide as their widest cell, two spaces apart, no spaces at the end of a line. Where the
// last cell does not fit the screen it is wrapped within its column.
std::string Table(const std::vector<std::vector<std::string>>& rows, absl::string_view indent);

// How many columns of a terminal UTF-8 text takes (every code point one).
size_t DisplayWidth(absl::string_view text);

}  // namespace replsim
