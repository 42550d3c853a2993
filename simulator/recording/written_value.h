// The values that the load writes: `c<client>-<sequence>`, padded with dots. A value identifies the
// write that it comes from, on any system that returns values unchanged. An append adds
// `;c<client>-<sequence>`, so a value may be a list.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

struct WrittenValue {
  uint32_t client = 0;  // counted from 1; 0: no write (the key is missing)
  uint64_t sequence = 0;

  bool empty() const { return client == 0; }
  bool operator==(const WrittenValue&) const = default;
};

// Replaces `*to`, reusing its memory. The result is at least `bytes` long.
void WriteValue(const WrittenValue& value, size_t bytes, std::string* to);
// Absent for a text that WriteValue does not produce.
std::optional<WrittenValue> ParseValue(absl::string_view text);
// The bytes that an append adds.
void WriteElement(const WrittenValue& element, std::string* to);
// The elements of a value: one, unless there were appends. The first one is empty if the first
// append found no value. Absent as in ParseValue.
std::optional<std::vector<WrittenValue>> ParseList(absl::string_view text);
std::string ToString(const WrittenValue& value);  // c3-17; "nothing" if empty

}  // namespace replsim
