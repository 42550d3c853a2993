// One value of EDN (https://github.com/edn-format/edn) or JSON (RFC 8259). It refers to the text
// that it was read from, to the texts of decoded strings (datum_reader.h) and to the memory of its
// items (datum_arena.h), all of which must outlive it. It is cheap to copy.
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
    kString,   // `text` is without the quotes, with decoded escapes
    kKeyword,  // :ok; `text` is without the colon; EDN only
    kSymbol,
    kSequence,  // vector or list
    kSet,
    kMap,  // items: alternating keys and values
  };

  Datum() {}
  // A value without items, other than an integer.
  Datum(Kind kind, uint32_t line, absl::string_view text, const char* place)
      : kind_(kind), line_(line), place_(place), text_(text) {}
  Datum(Kind kind, uint32_t line, absl::string_view text) : Datum(kind, line, text, text.data()) {}
  // An integer.
  Datum(uint32_t line, absl::string_view text, int64_t integer)
      : kind_(Kind::kInteger), line_(line), integer_(integer), text_(text) {}
  // A sequence, a set or a map.
  Datum(Kind kind, uint32_t line, absl::Span<const Datum> items, const char* place)
      : kind_(kind), line_(line), place_(place), items_(items) {}

  Kind kind() const { return kind_; }
  uint32_t line() const { return line_; }  // counted from 1
  // Where the file has its text or its opening bracket; null if nothing was read.
  const char* place() const { return kind_ == Kind::kInteger ? text_.data() : place_; }
  int64_t integer() const { return kind_ == Kind::kInteger ? integer_ : 0; }
  absl::string_view text() const { return HasItems() ? "" : text_; }
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
  // Whether both are equal, as ToText() defines it.
  friend bool operator==(const Datum& a, const Datum& b) {
    if (a.kind_ != b.kind_) return false;
    return a.kind_ == Kind::kInteger ? a.integer_ == b.integer_ : AreEqual(a, b);
  }
  // Whether this is a step of a transaction such as [:r x 1], [:r x], [:w x 1] or [:append x 1].
  bool IsStep() const;
  // The text in EDN that is shown and compared: x, 3, "x", :x, [1 2], #{1 2}, {:x 1}. Two data have
  // the same text exactly if they are equal: the order of a set or a map, the form of a number and
  // the kind of a sequence (vector or list) do not count, but its type does.
  std::string ToText() const;
  void AppendTo(std::string* out) const;

 private:
  // Of one kind other than integers.
  static bool AreEqual(const Datum& a, const Datum& b);
  void AppendItemsTo(std::string* out) const;
  bool HasItems() const { return kind_ >= Kind::kSequence; }

  Kind kind_ = Kind::kNil;
  uint32_t line_ = 0;
  union {
    const char* place_ = nullptr;
    int64_t integer_;  // of a kInteger, whose text is part of the file
  };
  union {
    absl::string_view text_ = {};
    absl::Span<const Datum> items_;
  };
};

}  // namespace replsim::history
