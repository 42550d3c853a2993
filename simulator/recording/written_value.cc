#include "simulator/recording/written_value.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace replsim {
namespace {

// Only digits, because SimpleAtoi also accepts signs and spaces.
template <typename Number>
bool ParseDigits(absl::string_view text, Number* to) {
  return !text.empty() && absl::ascii_isdigit(static_cast<unsigned char>(text[0])) &&
         absl::SimpleAtoi(text, to);
}

}  // namespace

void WriteValue(const WrittenValue& value, size_t bytes, std::string* to) {
  to->clear();
  absl::StrAppend(to, "c", value.client, "-", value.sequence);
  if (to->size() < bytes) to->resize(bytes, '.');
}

std::optional<WrittenValue> ParseValue(absl::string_view text) {
  const size_t end = text.find_last_not_of('.');
  text = text.substr(0, end == absl::string_view::npos ? 0 : end + 1);
  if (!absl::ConsumePrefix(&text, "c")) return std::nullopt;
  const size_t dash = text.find('-');
  WrittenValue value;
  if (dash == absl::string_view::npos || !ParseDigits(text.substr(0, dash), &value.client) ||
      !ParseDigits(text.substr(dash + 1), &value.sequence) || value.empty()) {
    return std::nullopt;
  }
  return value;
}

void WriteElement(const WrittenValue& element, std::string* to) {
  to->clear();
  absl::StrAppend(to, ";c", element.client, "-", element.sequence);
}

std::optional<std::vector<WrittenValue>> ParseList(absl::string_view text) {
  std::vector<WrittenValue> elements;
  for (const absl::string_view part : absl::StrSplit(text, ';')) {
    const bool is_nothing = elements.empty() && part.empty() && part.size() < text.size();
    const std::optional<WrittenValue> element =
        is_nothing ? std::optional(WrittenValue()) : ParseValue(part);
    if (!element) return std::nullopt;
    elements.push_back(*element);
  }
  return elements;
}

std::string ToString(const WrittenValue& value) {
  return value.empty() ? "nothing" : absl::StrCat("c", value.client, "-", value.sequence);
}

}  // namespace replsim
