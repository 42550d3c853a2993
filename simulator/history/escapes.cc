#include "simulator/history/escapes.h"

#include <cstdint>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"

namespace replsim::history {
namespace {

// The number of \uXXXX at the beginning of `text`.
std::optional<uint32_t> ReadUnit(absl::string_view text) {
  constexpr size_t kSize = 6;
  uint32_t unit = 0;
  if (text.size() < kSize || text.substr(0, 2) != "\\u") return std::nullopt;
  for (const char c : text.substr(2, kSize - 2)) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
  }
  if (!absl::SimpleHexAtoi(text.substr(2, kSize - 2), &unit)) return std::nullopt;
  return unit;
}

bool IsHighSurrogate(uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsLowSurrogate(uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

void AppendUtf8(uint32_t code, std::string* out) {
  const auto tail = [out, code](int shift) {
    out->push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3F)));
  };
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | (code >> 6)));
    tail(0);
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | (code >> 12)));
    tail(6);
    tail(0);
  } else {
    out->push_back(static_cast<char>(0xF0 | (code >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

const char* DecodeEscapes(absl::string_view text, std::string* out, size_t* bad) {
  constexpr absl::string_view kLetters = "\"\\/bfnrt";
  constexpr absl::string_view kMeanings = "\"\\/\b\f\n\r\t";
  constexpr size_t kUnitSize = 6;  // of \uXXXX
  for (size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out->push_back(text[at++]);
      continue;
    }
    *bad = at;
    const size_t letter = at + 1 < text.size() ? kLetters.find(text[at + 1]) : kLetters.npos;
    if (letter != kLetters.npos) {
      out->push_back(kMeanings[letter]);
      at += 2;
      continue;
    }
    std::optional<uint32_t> unit = ReadUnit(text.substr(at));
    if (!unit) return "an unknown escape; known: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX";
    at += kUnitSize;
    if (IsHighSurrogate(*unit)) {
      const std::optional<uint32_t> low = ReadUnit(text.substr(at));
      if (!low || !IsLowSurrogate(*low)) return "the first half of a surrogate pair alone";
      unit = 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00);
      at += kUnitSize;
    } else if (IsLowSurrogate(*unit)) {
      return "the second half of a surrogate pair alone";
    }
    AppendUtf8(*unit, out);
  }
  return nullptr;
}

}  // namespace replsim::history
