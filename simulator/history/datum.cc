#include "simulator/history/datum.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace replsim::history {
namespace {

void AppendQuoted(absl::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') out->push_back('\\');
    out->push_back(c);
  }
  out->push_back('"');
}

// Numbers other than those of 64 bits. Equal ones get the same text: 1.50 and 15e-1.
void AppendNumber(absl::string_view text, std::string* out) {
  absl::ConsumePrefix(&text, "+");
  if (text.find_first_of("./eEM") == absl::string_view::npos) {
    absl::ConsumeSuffix(&text, "N");
    absl::StrAppend(out, text);
    return;
  }
  double number = 0;
  if (!absl::SimpleAtod(text, &number) || !std::isfinite(number)) {  // 1/2, 1.5M, 1e999
    absl::StrAppend(out, text);
    return;
  }
  char shortest[32];
  const auto end = std::to_chars(std::begin(shortest), std::end(shortest), number).ptr;
  const absl::string_view written(shortest, static_cast<size_t>(end - shortest));
  absl::StrAppend(out, written, written.find_first_of(".e") == absl::string_view::npos ? ".0" : "");
}

}  // namespace

bool Datum::AreEqual(const Datum& a, const Datum& b) {
  if (a.kind_ == Kind::kSequence) {
    return std::equal(a.items_.begin(), a.items_.end(), b.items_.begin(), b.items_.end());
  }
  return a.ToText() == b.ToText();
}

bool Datum::IsStep() const {
  if (IsSequenceOf(2)) return items_[0].Is("r");
  return IsSequenceOf(3) && (items_[0].Is("r") || items_[0].Is("w") || items_[0].Is("append"));
}

std::string Datum::ToText() const {
  std::string out;
  AppendTo(&out);
  return out;
}

void Datum::AppendTo(std::string* out) const {
  switch (kind_) {
    case Kind::kNil:
      out->append("nil");
      break;
    case Kind::kTrue:
      out->append("true");
      break;
    case Kind::kFalse:
      out->append("false");
      break;
    case Kind::kInteger:
      absl::StrAppend(out, integer_);
      break;
    case Kind::kNumber:
      AppendNumber(text_, out);
      break;
    case Kind::kString:
      AppendQuoted(text_, out);
      break;
    case Kind::kKeyword:
      absl::StrAppend(out, ":", text_);
      break;
    case Kind::kSymbol:
      absl::StrAppend(out, text_);
      break;
    case Kind::kSequence:
    case Kind::kSet:
    case Kind::kMap:
      AppendItemsTo(out);
      break;
  }
}

void Datum::AppendItemsTo(std::string* out) const {
  std::vector<std::string> texts;
  const size_t step = kind_ == Kind::kMap ? 2 : 1;
  for (size_t i = 0; i < items_.size(); i += step) {
    std::string& text = texts.emplace_back(items_[i].ToText());
    if (step == 2) absl::StrAppend(&text, " ", items_[i + 1].ToText());
  }
  if (kind_ != Kind::kSequence) std::sort(texts.begin(), texts.end());
  out->append(kind_ == Kind::kSequence ? "[" : kind_ == Kind::kSet ? "#{" : "{");
  const char* separator = "";
  for (const std::string& text : texts) {
    absl::StrAppend(out, separator, text);
    separator = step == 2 ? ", " : " ";
  }
  out->append(kind_ == Kind::kSequence ? "]" : "}");
}

}  // namespace replsim::history
