// One value of EDN (https://github.com/edn-format/edn) or JSON (RFC 8259). It refers to the text
// that it was read from and to the memory of its items (datum_arena.h); both must outlive it. It is
// cheap to copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace replsim::history {

class Datum {
 public:
  enum class Kind : uint8_t {
    kNil,
    kTrue,
    kFalse,
    kInteger,
    kNumber,   // any other number
    kString,   // `text` is without the quotes; escapes are not decoded
    kKeyword,  // :ok; `text` is without the colon; EDN only
    kSymbol,
    kSequence,  // vector or list
    kSet,
    kMap,  // items: alternating keys and values
  };

  Datum() {}
  // A value without items.
  Datum(Kind kind, uint32_t line, absl::string_view text, int64_t integer = 0)
      : kind_(kind), line_(line), integer_(integer), text_(text) {}
  // A sequence, a set or a map.
  Datum(Kind kind, uint32_t line, absl::Span<const Datum> items)
      : kind_(kind), line_(line), items_(items) {}

  Kind kind() const { return kind_; }
  uint32_t line() const { return line_; }       // counted from 1
  int64_t integer() const { return integer_; }  // 0 unless this is a kInteger
  // Part of the file; null if there are items or nothing was read.
  absl::string_view text() const { return HasItems() ? absl::string_view() : text_; }
  absl::Span<const Datum> items() const { return HasItems() ? items_ : absl::Span<const Datum>(); }

  bool IsNil() const { return kind_ == Kind::kNil; }
  bool IsList() const { return kind_ == Kind::kSequence || kind_ == Kind::kSet; }
  // Whether this is a sequence of so many items.
  bool IsSequenceOf(size_t count) const {
    return kind_ == Kind::kSequence && items_.size() == count;
  }
  // The text of a keyword, symbol or string; empty for any other value.
  absl::string_view name() const {
    const bool has_name =
        kind_ == Kind::kKeyword || kind_ == Kind::kString || kind_ == Kind::kSymbol;
    return has_name ? text_ : "";
  }
  bool Is(absl::string_view name) const { return this->name() == name; }
  // The text that is shown and compared: x, 3, [1 2].
  std::string ToText() const;

 private:
  bool HasItems() const { return kind_ >= Kind::kSequence; }

  Kind kind_ = Kind::kNil;
  uint32_t line_ = 0;
  int64_t integer_ = 0;
  union {
    absl::string_view text_ = {};
    absl::Span<const Datum> items_;
  };
};

}  // namespace replsim::history
