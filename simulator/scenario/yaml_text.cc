#include "simulator/scenario/yaml_text.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace replsim {
namespace {

// Returns the length of the UTF-8 sequence that begins at `at`; 0 if there is none.
size_t Utf8Length(const std::string& text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(at);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  // Rejects overlong forms, surrogates, and values above the last code point.
  const uint8_t second = byte(at + 1);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
      (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) {
    return 0;
  }
  return length;
}

}  // namespace

std::optional<Mistake> FindBadText(const std::string& text, const std::string& source) {
  Place place{source, 1, 1};
  if (text.size() > kScenarioBytesMax) {
    return Mistake{place,
                   absl::StrCat("the file has ", text.size(), " bytes; expected at most 1 MiB")};
  }
  bool indenting = true;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    const size_t length = Utf8Length(text, at);
    if (length == 0) return Mistake{place, "this byte is not UTF-8"};
    if (c == '\t' && indenting) {
      return Mistake{place, "this line is indented with a tab; YAML requires spaces"};
    }
    if ((absl::ascii_iscntrl(static_cast<unsigned char>(c)) && c != '\n' && c != '\r' &&
         c != '\t')) {
      return Mistake{place, absl::StrFormat("control character 0x%02x", c)};
    }
    ++place.column;
    if (c != ' ') indenting = false;
    if (c == '\n') {
      ++place.line;
      place.column = 1;
      indenting = true;
    }
    at += length;
  }
  return std::nullopt;
}

std::string LineOf(const std::string& text, int line) {
  size_t begin = 0;
  for (; line > 1; --line) {
    begin = text.find('\n', begin);
    if (begin == std::string::npos) return "";
    ++begin;
  }
  return text.substr(begin, text.find('\n', begin) - begin);
}

namespace {

bool IsPlain(absl::string_view text, bool in_flow) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (!absl::ascii_isalnum(static_cast<unsigned char>(text.front()))) return false;
  for (const absl::string_view null : {"null", "Null", "NULL"}) {
    if (text == null) return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    const bool bracket = c == '[' || c == ']' || c == ',' || c == '{' || c == '}';
    if (bracket && !in_flow) continue;
    if (c == ':' && !in_flow && text[i + 1] != ' ') continue;  // not the last character: see above
    if (c == ':' && absl::ascii_isalpha(static_cast<unsigned char>(text[i + 1]))) continue;
    if (absl::ascii_isalnum(c) || absl::StrContains(" ._-/+%?;()'", text.substr(i, 1))) continue;
    return false;
  }
  return true;
}

}  // namespace

std::string QuoteScalar(absl::string_view text, bool in_flow) {
  if (IsPlain(text, in_flow)) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        quoted += "\\\"";
        break;
      case '\\':
        quoted += "\\\\";
        break;
      case '\n':
        quoted += "\\n";
        break;
      case '\r':
        quoted += "\\r";
        break;
      case '\t':
        quoted += "\\t";
        break;
      default:
        quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace replsim
