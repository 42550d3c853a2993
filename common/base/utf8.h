// Decodes UTF-8 (RFC 3629) from bytes that may not be UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace replsim {

struct CodePoint {
  uint32_t value = 0xfffd;  // U+FFFD, the replacement character, for a byte that begins none
  size_t bytes = 1;
};

// The first code point of `text`, which must not be empty.
CodePoint FirstCodePoint(absl::string_view text);
// Whether `c` stands for a byte that was not valid UTF-8.
inline bool IsBroken(const CodePoint& c) { return c.value == 0xfffd && c.bytes == 1; }

inline constexpr char kReplacementCharacter[] = "\xef\xbf\xbd";

}  // namespace replsim
