#include "simulator/history/datum_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "simulator/history/escapes.h"
#include "simulator/history/file_place.h"

namespace replsim::history {
namespace {

constexpr int kDeepest = 64;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A set of characters.
class CharSet {
 public:
  constexpr explicit CharSet(absl::string_view chars) {
    for (const char c : chars) has_[static_cast<unsigned char>(c)] = true;
  }
  constexpr bool Has(char c) const { return has_[static_cast<unsigned char>(c)]; }

 private:
  bool has_[256] = {};
};

constexpr CharSet kBlanks[] = {CharSet(" \n\t\r,"), CharSet(" \n\t\r,:")};  // of EDN, of JSON
constexpr CharSet kEndsAtom[] = {CharSet(" \n\t\r,()[]{}\";"), CharSet(" \n\t\r,()[]{}\";:")};

// Parses an integer of up to 64 bits; returns false for any other number.
bool ParseInteger(absl::string_view text, int64_t* value) {
  constexpr size_t kDigitsThatFit = 18;
  size_t i = text[0] == '-' || text[0] == '+' ? 1 : 0;
  const bool minus = text[0] == '-';
  if (i == text.size()) return false;
  if (text.size() - i > kDigitsThatFit) return absl::SimpleAtoi(text, value);
  int64_t out = 0;
  for (; i < text.size(); ++i) {
    if (!IsDigit(text[i])) return false;
    out = out * 10 + (text[i] - '0');
  }
  *value = minus ? -out : out;
  return true;
}

}  // namespace

DatumReader::DatumReader(absl::string_view text, std::string name, Syntax syntax,
                         std::deque<std::string>* decoded)
    : begin_(text.data()),
      end_(text.data() + text.size()),
      at_(text.data()),
      name_(std::move(name)),
      json_(syntax == Syntax::kJson),
      decoded_(decoded) {}

absl::Status DatumReader::Error(const char* at, absl::string_view what) const {
  const FileText file{name_, {begin_, static_cast<size_t>(end_ - begin_)}};
  return ErrorAt(file, at, what);
}

bool DatumReader::Fail(const char* at, absl::string_view what) {
  error_ = Error(at, what);
  return false;
}

void DatumReader::SkipBlanks() {
  const CharSet& blanks = kBlanks[json_];
  for (; at_ < end_; ++at_) {
    if (*at_ == '\n') ++line_;
    if (blanks.Has(*at_)) continue;
    if (*at_ != ';' || json_) return;
    while (at_ + 1 < end_ && at_[1] != '\n') ++at_;
  }
}

absl::StatusOr<bool> DatumReader::Next(Datum* datum) {
  closed_.Clear();
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
    const bool is_discarded = IsAtDiscard();
    if (is_discarded) at_ += 2;
    if (!Read(datum, 0)) return error_;
    if (!is_discarded) return true;
  }
}

bool DatumReader::ReadItems(Datum::Kind kind, char close, Datum* datum, int depth) {
  const char* const open = at_;
  const uint32_t line = line_;
  const size_t first = open_.size();
  ++at_;
  while (true) {
    SkipBlanks();
    if (at_ == end_) {
      return Fail(open, absl::StrCat("'", std::string(1, *open), "' is never closed"));
    }
    if (*at_ == close) break;
    const bool is_discarded = IsAtDiscard();
    if (is_discarded) at_ += 2;
    Datum item;
    if (!Read(&item, depth + 1)) return false;
    if (!is_discarded) open_.push_back(item);
  }
  ++at_;
  const absl::Span<const Datum> items = absl::MakeConstSpan(open_).subspan(first);
  if (kind == Datum::Kind::kMap && items.size() % 2 != 0) {
    return Fail(open, "a map with a key that has no value");
  }
  *datum = Datum(kind, line, closed_.Copy(items), open);
  open_.resize(first);
  return true;
}

bool DatumReader::ReadString(Datum* datum) {
  const char* const open = at_++;
  const uint32_t line = line_;
  bool has_escapes = false;
  while (at_ < end_ && *at_ != '"') {
    if (*at_ == '\n') ++line_;
    const bool is_escape = *at_ == '\\' && at_ + 1 < end_;
    has_escapes |= is_escape;
    at_ += is_escape ? 2 : 1;
  }
  if (at_ >= end_) {
    at_ = end_;
    return Fail(open, "a string without an end");
  }
  absl::string_view text(open + 1, static_cast<size_t>(at_ - open - 1));
  if (has_escapes) {
    size_t bad = 0;
    std::string decoded;
    if (const char* const error = DecodeEscapes(text, &decoded, &bad); error != nullptr) {
      return Fail(text.data() + bad, error);
    }
    text = decoded_->emplace_back(std::move(decoded));
  }
  *datum = Datum(Datum::Kind::kString, line, text, open + 1);
  ++at_;
  return true;
}

bool DatumReader::ReadAtom(Datum* datum) {
  const CharSet& ends = kEndsAtom[json_];
  const char* const from = at_;
  while (at_ < end_ && !ends.Has(*at_)) ++at_;
  const absl::string_view text(from, static_cast<size_t>(at_ - from));
  if (text.empty()) return Fail(from, absl::StrCat("unexpected '", std::string(1, *from), "'"));
  if (text[0] == ':' && text.size() > 1) {
    *datum = Datum(Datum::Kind::kKeyword, line_, text.substr(1));
    return true;
  }
  if (IsDigit(text[0]) || text[0] == '-' || text[0] == '+') return ReadNumber(text, datum);
  Datum::Kind kind = Datum::Kind::kSymbol;
  if (text == "nil" || text == "null") {
    kind = Datum::Kind::kNil;
  } else if (text == "true") {
    kind = Datum::Kind::kTrue;
  } else if (text == "false") {
    kind = Datum::Kind::kFalse;
  } else if (json_) {
    return Fail(from, absl::StrCat("unexpected '", text, "'"));
  }
  *datum = Datum(kind, line_, text);
  return true;
}

bool DatumReader::ReadNumber(absl::string_view text, Datum* datum) {
  if (int64_t integer = 0; ParseInteger(text, &integer)) {
    *datum = Datum(line_, text, integer);
    return true;
  }
  if (text.size() == 1) {  // a sign
    *datum = Datum(Datum::Kind::kSymbol, line_, text);
    return true;
  }
  double number = 0;
  absl::string_view digits = text;
  if (digits.back() == 'N' || digits.back() == 'M') digits.remove_suffix(1);
  // N marks a whole number of any size. One that fits is the same value without it.
  if (int64_t integer = 0; text.back() == 'N' && ParseInteger(digits, &integer)) {
    *datum = Datum(line_, text, integer);
    return true;
  }
  if (!absl::SimpleAtod(digits, &number) && !absl::StrContains(digits, '/')) {
    return Fail(text.data(), absl::StrCat("'", text, "' is not a number"));
  }
  *datum = Datum(Datum::Kind::kNumber, line_, text);
  return true;
}

// #{…} is a set. In "#tag value" the tag is ignored: histories tag maps with their class.
bool DatumReader::ReadTagged(Datum* datum, int depth) {
  if (at_ + 1 < end_ && at_[1] == '{') {
    ++at_;
    return ReadItems(Datum::Kind::kSet, '}', datum, depth);
  }
  const char* const from = at_++;
  while (at_ < end_ && !kEndsAtom[json_].Has(*at_)) ++at_;
  if (at_ - from == 1) return Fail(from, "unexpected '#'");
  SkipBlanks();
  if (at_ == end_) return Fail(from, "a tag without a value");
  return Read(datum, depth + 1);
}

bool DatumReader::Read(Datum* datum, int depth) {
  if (depth > kDeepest) return Fail(at_, absl::StrCat("nested deeper than ", kDeepest));
  SkipBlanks();
  if (at_ == end_) return Fail(at_, "expected a value before the end of the file");
  switch (*at_) {
    case '{':
      return ReadItems(Datum::Kind::kMap, '}', datum, depth);
    case '[':
      return ReadItems(Datum::Kind::kSequence, ']', datum, depth);
    case '(':
      if (json_) return Fail(at_, "unexpected '('");
      return ReadItems(Datum::Kind::kSequence, ')', datum, depth);
    case '"':
      return ReadString(datum);
    case '#':
      if (json_) return Fail(at_, "unexpected '#'");
      return ReadTagged(datum, depth);
    case '}':
    case ']':
    case ')':
      return Fail(at_, absl::StrCat("unexpected '", std::string(1, *at_), "'"));
    default:
      return ReadAtom(datum);
  }
}

}  // namespace replsim::history
