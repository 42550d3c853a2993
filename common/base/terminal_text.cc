#include "common/base/terminal_text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace replsim {
namespace {

// The ranges of Unicode's EastAsianWidth.txt (W and F) that matter here, and the emoji.
constexpr struct {
  uint32_t first, last;
} kWide[] = {{0x1100, 0x115F},   {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},
             {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F},
             {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD}};

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Removes the first character of `text`, which is not empty. A stray byte is a character.
absl::string_view TakeCharacter(absl::string_view& text) {
  size_t size = 1;
  while (size < text.size() && size < 4 && IsContinuation(text[size])) ++size;
  const absl::string_view character = text.substr(0, size);
  text.remove_prefix(size);
  return character;
}

uint32_t CodePointOf(absl::string_view character) {
  if (character.size() == 1) return static_cast<unsigned char>(character[0]);
  uint32_t code = static_cast<unsigned char>(character[0]) & (0x7Fu >> character.size());
  for (const char c : character.substr(1))
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3F);
  return code;
}

size_t ColumnsOf(absl::string_view character) {
  const uint32_t code = CodePointOf(character);
  const bool wide = std::any_of(std::begin(kWide), std::end(kWide), [code](const auto& range) {
    return range.first <= code && code <= range.last;
  });
  return wide ? 2 : 1;
}

bool IsControl(absl::string_view character) {
  const uint32_t code = CodePointOf(character);
  return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

// The columns of `word` without its ANSI colors (ESC [ … m).
size_t ColumnsWithoutColors(absl::string_view word) {
  size_t columns = 0;
  while (!word.empty()) {
    const size_t end = absl::StartsWith(word, "\033[") ? word.find('m') : absl::string_view::npos;
    if (end != absl::string_view::npos) {
      word.remove_prefix(end + 1);
    } else {
      columns += ColumnsOf(TakeCharacter(word));
    }
  }
  return columns;
}

std::string WrapLine(absl::string_view line, size_t columns) {
  if (ColumnsWithoutColors(line) <= columns) return std::string(line);
  constexpr size_t kIndent = 4;
  constexpr size_t kLeastRoom = 20;
  const size_t indent = std::min(line.find_first_not_of(' '), line.size());
  const size_t hanging = indent + kIndent + kLeastRoom <= columns ? indent + kIndent : 0;
  std::string wrapped;
  size_t used = 0;
  bool is_first = true;  // of its line
  for (const absl::string_view word : absl::StrSplit(line.substr(indent), ' ')) {
    const size_t size = ColumnsWithoutColors(word);
    if (used == 0 || used + 1 + size > columns) {
      absl::StrAppend(&wrapped, wrapped.empty() ? "" : "\n");
      used = wrapped.empty() ? indent : hanging;
      wrapped.append(used, ' ');
      is_first = true;
    }
    absl::StrAppend(&wrapped, is_first ? "" : " ", word);
    used += size + (is_first ? 0 : 1);
    is_first = false;
  }
  return wrapped;
}

}  // namespace

std::string WrapLines(absl::string_view text, size_t columns) {
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    lines.push_back(WrapLine(line, columns));
  }
  return absl::StrJoin(lines, "\n");
}

size_t TerminalColumns(absl::string_view text) {
  size_t columns = 0;
  while (!text.empty()) columns += ColumnsOf(TakeCharacter(text));
  return columns;
}

std::string CutToColumns(absl::string_view text, size_t columns) {
  if (columns == 0) return "";
  std::string kept;
  std::string shorter;  // one column less, for "…"
  size_t used = 0;
  while (!text.empty()) {
    const absl::string_view character = TakeCharacter(text);
    if (IsControl(character)) continue;
    used += ColumnsOf(character);
    if (used > columns) return absl::StrCat(shorter, "…");
    kept.append(character.data(), character.size());
    if (used < columns) shorter = kept;
  }
  return kept;
}

}  // namespace replsim
