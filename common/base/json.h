// Builds a JSON value (RFC 8259) and writes it as text, for report.json and the JSON Schemas.
// Objects keep the order in which their members were added.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

class Json {
 public:
  static Json Object() { return Json(Kind::kObject); }
  static Json Array() { return Json(Kind::kArray); }

  // Text. Bytes that are not UTF-8 become U+FFFD.
  Json(absl::string_view text);
  Json(const std::string& text) : Json(absl::string_view(text)) {}
  Json(const char* text) : Json(absl::string_view(text)) {}
  Json(bool value);
  // All digits are written. A reader that holds numbers as doubles rounds them above 2^53.
  Json(int value) : Json(int64_t{value}) {}
  Json(int64_t value);
  Json(uint32_t value) : Json(uint64_t{value}) {}
  Json(uint64_t value);
  // The shortest decimal that reads back as the same double; null for what JSON cannot represent
  // (NaN, infinity).
  Json(double value);

  // Adds a member to an object, and returns the object. The key must be new.
  Json& Set(absl::string_view key, Json value);
  // Adds an item to an array, and returns the array.
  Json& Add(Json value);
  bool empty() const { return members_.empty(); }  // no members or items

  // With one member or item per line, indented by one space per level, and a newline at the end.
  std::string ToText() const;

 private:
  enum class Kind { kScalar, kObject, kArray };
  explicit Json(Kind kind) : kind_(kind) {}
  void Append(const std::string& indent, std::string* out) const;

  Kind kind_ = Kind::kScalar;
  std::string scalar_;                                 // as it is written
  std::vector<std::pair<std::string, Json>> members_;  // of an array: without keys
};

}  // namespace replsim
