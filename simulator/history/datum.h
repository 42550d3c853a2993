// One value of EDN (https://github.com/edn-format/edn) or JSON (RFC 8259), as read from a text that
// outlives it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim::history {

struct Datum {
  enum class Kind : uint8_t {
    kNil,
    kTrue,
    kFalse,
    kInteger,
    kNumber,   // any other: its text
    kString,   // without quotes, escapes as they stand
    kKeyword,  // :ok, without the colon; in JSON nothing is one
    kSymbol,
    kSequence,  // vector or list
    kSet,
    kMap,  // keys and values in turn
  };
  Kind kind = Kind::kNil;
  uint32_t line = 0;  // from 1 on
  int64_t integer = 0;
  absl::string_view text;
  std::vector<Datum> items;

  bool IsNil() const { return kind == Kind::kNil; }
  bool IsList() const { return kind == Kind::kSequence || kind == Kind::kSet; }
  // A keyword, symbol or string of that text.
  bool Is(absl::string_view name) const {
    return (kind == Kind::kKeyword || kind == Kind::kString || kind == Kind::kSymbol) &&
           text == name;
  }
  // The value of a map's key; null if this is no map or has no such key.
  const Datum* Find(absl::string_view key) const {
    if (kind != Kind::kMap) return nullptr;
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (items[i].Is(key)) return &items[i + 1];
    }
    return nullptr;
  }
  // As it is shown, and compared: x, 3, [1 2].
  std::string ToText() const;
};

}  // namespace replsim::history
