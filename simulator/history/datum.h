// One value of EDN (https://github.com/edn-format/edn) or JSON (RFC 8259). It refers to the text
// that it was read from, which must outlive it.
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
    kNumber,   // any other number; `text` holds it
    kString,   // `text` is without the quotes; escapes are not decoded
    kKeyword,  // :ok; `text` is without the colon; EDN only
    kSymbol,
    kSequence,  // vector or list
    kSet,
    kMap,  // items: alternating keys and values
  };
  Kind kind = Kind::kNil;
  uint32_t line = 0;  // counted from 1
  int64_t integer = 0;
  absl::string_view text;
  std::vector<Datum> items;

  bool IsNil() const { return kind == Kind::kNil; }
  bool IsList() const { return kind == Kind::kSequence || kind == Kind::kSet; }
  // Whether this is a keyword, symbol or string with the text `name`.
  bool Is(absl::string_view name) const {
    return (kind == Kind::kKeyword || kind == Kind::kString || kind == Kind::kSymbol) &&
           text == name;
  }
  // The value of a map's key; null if this is not a map or has no such key.
  const Datum* Find(absl::string_view key) const {
    if (kind != Kind::kMap) return nullptr;
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (items[i].Is(key)) return &items[i + 1];
    }
    return nullptr;
  }
  // The text that is shown and compared: x, 3, [1 2].
  std::string ToText() const;
};

}  // namespace replsim::history
