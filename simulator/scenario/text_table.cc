#include "simulator/scenario/text_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/terminal_text.h"

namespace replsim {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kNarrowest = 30;  // minimum width of a wrapped last column

}  // namespace

std::vector<std::string> WrapWords(const std::string& text, size_t width) {
  std::vector<std::string> lines(1);
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    if (!lines.back().empty() && TerminalColumns(lines.back()) + 1 + TerminalColumns(word) > width)
      lines.emplace_back();
    absl::StrAppend(&lines.back(), lines.back().empty() ? "" : " ", word);
  }
  return lines;
}

std::string TextTable(const std::vector<std::vector<std::string>>& rows, absl::string_view indent,
                      size_t width) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i + 1 < row.size(); ++i)
      widths[i] = std::max(widths[i], TerminalColumns(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line(indent);
    for (size_t i = 0; i + 1 < row.size(); ++i) {
      absl::StrAppend(&line, row[i], std::string(widths[i] - TerminalColumns(row[i]) + kGap, ' '));
    }
    const size_t column = TerminalColumns(line);
    const size_t room = std::max(kNarrowest, column < width ? width - column : 0);
    for (const std::string& part : WrapWords(row.empty() ? "" : row.back(), room)) {
      line += part;
      line.erase(line.find_last_not_of(' ') + 1);
      absl::StrAppend(&out, line, "\n");
      line = std::string(column, ' ');
    }
  }
  return out;
}

}  // namespace replsim
