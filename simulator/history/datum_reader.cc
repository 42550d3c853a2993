#include "simulator/history/datum_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace replsim::history {
namespace {

constexpr int kDeepest = 64;

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == ','; }
bool EndsAtom(char c) {
  return IsBlank(c) || c == '(' || c == ')' || c == '[' || c == ']' || c == '{' || c == '}' ||
         c == '"' || c == ';';
}

// Parses an integer of up to 18 digits; returns false for any other number.
bool ParseInteger(absl::string_view text, int64_t* value) {
  size_t i = text[0] == '-' || text[0] == '+' ? 1 : 0;
  const bool minus = text[0] == '-';
  if (text.size() - i > 18 || i == text.size()) return false;
  int64_t out = 0;
  for (; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    out = out * 10 + (text[i] - '0');
  }
  *value = minus ? -out : out;
  return true;
}

}  // namespace

std::string Datum::ToText() const {
  switch (kind) {
    case Kind::kNil:
      return "nil";
    case Kind::kTrue:
      return "true";
    case Kind::kFalse:
      return "false";
    case Kind::kInteger:
      return absl::StrCat(integer);
    case Kind::kNumber:
    case Kind::kString:
    case Kind::kKeyword:
    case Kind::kSymbol:
      return std::string(text);
    case Kind::kSequence:
    case Kind::kSet:
    case Kind::kMap:
      break;
  }
  std::string out = "[";
  for (const Datum& item : items) absl::StrAppend(&out, out.size() > 1 ? " " : "", item.ToText());
  return out + "]";
}

DatumReader::DatumReader(absl::string_view text, std::string name, Syntax syntax)
    : begin_(text.data()),
      end_(text.data() + text.size()),
      at_(text.data()),
      name_(std::move(name)),
      json_(syntax == Syntax::kJson) {}

absl::Status DatumReader::Error(const char* at, absl::string_view what) const {
  const char* line = at;
  while (line > begin_ && line[-1] != '\n') --line;
  return absl::InvalidArgumentError(
      absl::StrCat(name_, ":", line_, ":", at - line + 1, ": ", what));
}

absl::Status DatumReader::ErrorAt(const Datum& datum, absl::string_view what) const {
  return absl::InvalidArgumentError(absl::StrCat(name_, ":", datum.line, ": ", what));
}

void DatumReader::SkipBlanks() {
  for (; at_ < end_; ++at_) {
    if (*at_ == '\n') ++line_;
    if (IsBlank(*at_) || (json_ && *at_ == ':')) continue;
    if (*at_ != ';' || json_) return;
    while (at_ + 1 < end_ && at_[1] != '\n') ++at_;
  }
}

absl::Status DatumReader::Discard(int depth) {
  Datum ignored;
  return Read(&ignored, depth);
}

absl::StatusOr<bool> DatumReader::Next(Datum* datum) {
  while (true) {
    SkipBlanks();
    if (!started_) {
      started_ = true;
      if (at_ < end_ && (*at_ == '[' || *at_ == '(')) {
        close_ = *at_ == '[' ? ']' : ')';
        ++at_;
        continue;
      }
    }
    if (at_ == end_) {
      if (close_ != 0)
        return Error(at_, absl::StrCat("the file ends before '", std::string(1, close_), "'"));
      return false;
    }
    if (close_ != 0 && *at_ == close_) {
      ++at_;
      close_ = 0;
      SkipBlanks();
      if (at_ < end_) return Error(at_, "expected the end of the file");
      return false;
    }
    if (!json_ && end_ - at_ >= 2 && at_[0] == '#' && at_[1] == '_') {
      at_ += 2;
      const absl::Status status = Discard(0);
      if (!status.ok()) return status;
      continue;
    }
    const absl::Status status = Read(datum, 0);
    if (!status.ok()) return status;
    return true;
  }
}

absl::Status DatumReader::ReadItems(char close, Datum* datum, int depth) {
  const char* const open = at_;
  const uint32_t line = line_;
  ++at_;
  size_t count = 0;
  while (true) {
    SkipBlanks();
    if (at_ == end_) {
      line_ = line;
      return Error(open, absl::StrCat("'", std::string(1, *open), "' is never closed"));
    }
    if (*at_ == close) break;
    if (!json_ && end_ - at_ >= 2 && at_[0] == '#' && at_[1] == '_') {
      at_ += 2;
      const absl::Status status = Discard(depth + 1);
      if (!status.ok()) return status;
      continue;
    }
    if (count == datum->items.size()) datum->items.emplace_back();
    const absl::Status status = Read(&datum->items[count++], depth + 1);
    if (!status.ok()) return status;
  }
  ++at_;
  datum->items.resize(count);
  if (datum->kind == Datum::Kind::kMap && count % 2 != 0) {
    return Error(open, "a map with a key that has no value");
  }
  return absl::OkStatus();
}

absl::Status DatumReader::ReadString(Datum* datum) {
  const char* const open = at_++;
  const uint32_t line = line_;
  datum->kind = Datum::Kind::kString;
  while (at_ < end_ && *at_ != '"') {
    if (*at_ == '\n') ++line_;
    at_ += *at_ == '\\' && at_ + 1 < end_ ? 2 : 1;
  }
  if (at_ >= end_) {
    at_ = end_;
    line_ = line;
    return Error(open, "a string without an end");
  }
  datum->text = absl::string_view(open + 1, static_cast<size_t>(at_ - open - 1));
  ++at_;
  return absl::OkStatus();
}

absl::Status DatumReader::ReadAtom(Datum* datum) {
  const char* const from = at_;
  while (at_ < end_ && !EndsAtom(*at_) && !(json_ && *at_ == ':')) ++at_;
  const absl::string_view text(from, static_cast<size_t>(at_ - from));
  if (text.empty()) return Error(from, absl::StrCat("unexpected '", std::string(1, *from), "'"));
  datum->text = text;
  if (text[0] == ':' && text.size() > 1) {
    datum->kind = Datum::Kind::kKeyword;
    datum->text.remove_prefix(1);
  } else if (text == "nil" || text == "null") {
    datum->kind = Datum::Kind::kNil;
  } else if (text == "true") {
    datum->kind = Datum::Kind::kTrue;
  } else if (text == "false") {
    datum->kind = Datum::Kind::kFalse;
  } else if (ParseInteger(text, &datum->integer)) {
    datum->kind = Datum::Kind::kInteger;
  } else if ((text[0] >= '0' && text[0] <= '9') || text[0] == '-' || text[0] == '+') {
    double number = 0;
    absl::string_view digits = text;
    if (digits.back() == 'N' || digits.back() == 'M') digits.remove_suffix(1);
    datum->kind = Datum::Kind::kNumber;
    if (text.size() == 1) {
      datum->kind = Datum::Kind::kSymbol;
    } else if (!absl::SimpleAtod(digits, &number) && !absl::StrContains(digits, '/')) {
      return Error(from, absl::StrCat("'", text, "' is not a number"));
    }
  } else if (json_) {
    return Error(from, absl::StrCat("unexpected '", text, "'"));
  } else {
    datum->kind = Datum::Kind::kSymbol;
  }
  return absl::OkStatus();
}

// #{…} is a set. In "#tag value" the tag is ignored: histories tag maps with their class.
absl::Status DatumReader::ReadTagged(Datum* datum, int depth) {
  if (at_ + 1 < end_ && at_[1] == '{') {
    ++at_;
    datum->kind = Datum::Kind::kSet;
    return ReadItems('}', datum, depth);
  }
  const char* const from = at_++;
  while (at_ < end_ && !EndsAtom(*at_)) ++at_;
  if (at_ - from == 1) return Error(from, "unexpected '#'");
  SkipBlanks();
  if (at_ == end_) return Error(from, "a tag without a value");
  return Read(datum, depth + 1);
}

absl::Status DatumReader::Read(Datum* datum, int depth) {
  if (depth > kDeepest) return Error(at_, absl::StrCat("nested deeper than ", kDeepest));
  SkipBlanks();
  if (at_ == end_) return Error(at_, "expected a value before the end of the file");
  datum->line = line_;
  switch (*at_) {
    case '{':
      datum->kind = Datum::Kind::kMap;
      return ReadItems('}', datum, depth);
    case '[':
      datum->kind = Datum::Kind::kSequence;
      return ReadItems(']', datum, depth);
    case '(':
      if (json_) return Error(at_, "unexpected '('");
      datum->kind = Datum::Kind::kSequence;
      return ReadItems(')', datum, depth);
    case '"':
      datum->items.clear();
      return ReadString(datum);
    case '#':
      if (json_) return Error(at_, "unexpected '#'");
      return ReadTagged(datum, depth);
    case '}':
    case ']':
    case ')':
      return Error(at_, absl::StrCat("unexpected '", std::string(1, *at_), "'"));
    default:
      datum->items.clear();
      return ReadAtom(datum);
  }
}

}  // namespace replsim::history
