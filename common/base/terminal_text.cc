#include "common/base/terminal_text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "absl/strings/str_cat.h"

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

}  // namespace

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
