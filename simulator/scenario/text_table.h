// Aligned columns for the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

constexpr size_t kScreenWidth = 100;

// Columns as wide as their widest cell, two spaces apart, no spaces at the end of a line. Where the
// last cell does not fit into `width` it is wrapped within its column.
std::string TextTable(const std::vector<std::vector<std::string>>& rows, absl::string_view indent,
                      size_t width = kScreenWidth);

// The lines of `text`, broken between words to at most `width` columns; a longer word has a line of
// its own. At least one line.
std::vector<std::string> WrapWords(const std::string& text, size_t width);

}  // namespace replsim
