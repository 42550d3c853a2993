// Formats aligned columns for the terminal. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

constexpr size_t kScreenWidth = 100;

// Columns are as wide as their widest cell and two spaces apart, without trailing spaces. If the
// last cell exceeds `width`, it is wrapped within its column.
std::string TextTable(const std::vector<std::vector<std::string>>& rows, absl::string_view indent,
                      size_t width = kScreenWidth);

// Breaks `text` between words into lines of at most `width` columns. A longer word has its own
// line. Returns at least one line.
std::vector<std::string> WrapWords(const std::string& text, size_t width);

}  // namespace replsim
