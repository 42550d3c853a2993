#include "common/base/json.h"

#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/utf8.h"

namespace replsim {
namespace {

// JSON may be put into a page: "<" and the line separators of JavaScript are escaped as well.
bool IsEscaped(uint32_t c) {
  return c < 0x20 || c == '<' || c == '>' || c == 0x7f || c == 0x2028 || c == 0x2029;
}

std::string QuoteJson(absl::string_view text) {
  std::string quoted = "\"";
  while (!text.empty()) {
    const CodePoint c = FirstCodePoint(text);
    if (IsBroken(c)) {
      quoted += kReplacementCharacter;
    } else if (c.value == '"' || c.value == '\\') {
      absl::StrAppend(&quoted, "\\", text.substr(0, 1));
    } else if (c.value == '\n') {
      quoted += "\\n";
    } else if (IsEscaped(c.value)) {
      absl::StrAppendFormat(&quoted, "\\u%04x", c.value);
    } else {
      absl::StrAppend(&quoted, text.substr(0, c.bytes));
    }
    text.remove_prefix(c.bytes);
  }
  return quoted + "\"";
}

}  // namespace

Json::Json(absl::string_view text) : scalar_(QuoteJson(text)) {}
Json::Json(bool value) : scalar_(value ? "true" : "false") {}
Json::Json(int64_t value) : scalar_(absl::StrCat(value)) {}
Json::Json(uint64_t value) : scalar_(absl::StrCat(value)) {}
Json::Json(double value) : scalar_("null") {
  if (!std::isfinite(value)) return;
  char digits[32];
  scalar_.assign(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

Json& Json::Set(absl::string_view key, Json value) {
  members_.emplace_back(std::string(key), std::move(value));
  return *this;
}

Json& Json::Add(Json value) { return Set("", std::move(value)); }

std::string Json::ToText() const {
  std::string out;
  Append("\n", &out);
  return out + "\n";
}

void Json::Append(const std::string& indent, std::string* out) const {
  if (kind_ == Kind::kScalar) {
    *out += scalar_;
    return;
  }
  const bool object = kind_ == Kind::kObject;
  *out += object ? "{" : "[";
  const std::string below = indent + " ";
  absl::string_view separator = "";
  for (const auto& [key, value] : members_) {
    absl::StrAppend(out, separator, below);
    if (object) absl::StrAppend(out, QuoteJson(key), ": ");
    value.Append(below, out);
    separator = ",";
  }
  if (!members_.empty()) *out += indent;
  *out += object ? "}" : "]";
}

}  // namespace replsim
