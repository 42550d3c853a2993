#include "simulator/scenario/yaml_syntax.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "simulator/scenario/yaml_text.h"

namespace replsim {
namespace {

char ClosingOf(char open) { return open == '[' ? ']' : '}'; }

// Tracks [ ] and { } through the text, ignoring quotes and comments.
class Brackets {
 public:
  explicit Brackets(const std::string& source) { at_.source = source; }

  // Finds the bracket that is not closed, or that a bracket of another kind closes.
  std::optional<Mistake> FindOpen(const std::string& text) {
    at_.line = at_.column = 1;
    for (const char c : text) {
      if (std::optional<Mistake> wrong = Pass(c)) return wrong;
      Move(c);
    }
    if (open_.empty()) return std::nullopt;
    // If several are open on one line, the innermost must be closed first.
    const Bracket* last = &open_.front();
    for (const Bracket& bracket : open_) {
      if (bracket.place.line == open_.front().place.line) last = &bracket;
    }
    return Mistake{last->place, absl::StrCat("this '", std::string(1, last->open),
                                             "' is never closed; expected a '",
                                             std::string(1, ClosingOf(last->open)), "'")};
  }

 private:
  struct Bracket {
    char open;
    Place place;
  };

  std::optional<Mistake> Pass(char c) {
    if (quote_ != 0) {
      const bool escaped = quote_ == '"' && before_ == '\\' && !escape_spent_;
      if (c == quote_ && !escaped) quote_ = 0;
      escape_spent_ = escaped;
    } else if (comment_) {
      comment_ = c != '\n';
    } else if (c == '#' && (before_ == ' ' || before_ == '\n')) {
      comment_ = true;
    } else if ((c == '"' || c == '\'') && BeginsAValue()) {
      quote_ = c;
    } else if ((c == '[' || c == '{') && (!open_.empty() || BeginsAValue())) {
      open_.push_back({c, at_});
    } else if ((c == ']' || c == '}') && !open_.empty()) {
      return Close(c);
    }
    return std::nullopt;
  }

  std::optional<Mistake> Close(char c) {
    const Bracket last = open_.back();
    open_.pop_back();
    if (c == ClosingOf(last.open)) return std::nullopt;
    return Mistake{last.place,
                   absl::StrCat("this '", std::string(1, last.open), "' is closed by a '",
                                std::string(1, c), "' (", ToString(at_), "); expected a '",
                                std::string(1, ClosingOf(last.open)), "'")};
  }

  // In the middle of a word or text a bracket or quote is an ordinary character.
  bool BeginsAValue() const {
    return std::string("\n:-,[{").find(last_visible_) != std::string::npos;
  }

  void Move(char c) {
    before_ = c;
    if (c != ' ') last_visible_ = c;
    ++at_.column;
    if (c != '\n') return;
    ++at_.line;
    at_.column = 1;
  }

  Place at_;
  char quote_ = 0;
  bool escape_spent_ = false;
  bool comment_ = false;
  char before_ = '\n';
  char last_visible_ = '\n';
  std::vector<Bracket> open_;
};

// Returns a hint for the most common intention.
std::string Hint(const std::string& read) {
  for (const char* bare : {": >", ": <", ": =", ": !"}) {
    if (absl::StrContains(read, bare)) {
      return "; a condition must be in quotes, e.g. acked_lost: \"> 0\"";
    }
  }
  if (absl::StrContains(read, "first ")) {
    return "; within [] or {} a sync set with ids must be in quotes, e.g. \"first 1 [r1, r2]\"";
  }
  return "";
}

// Explains why a line does not fit the lines above it.
std::string OutOfPlace(const std::string& read, const std::string& said) {
  absl::string_view line = absl::StripLeadingAsciiWhitespace(read);
  const bool entry = absl::StartsWith(line, "- ") || line == "-";
  if (said == "end of map not found") {
    return entry ? "a list entry (- …) among the keys of a map; expected key: value, or a key "
                   "above the list"
                 : "this line does not match the keys above it; expected key: value with the same "
                   "indentation";
  }
  if (said == "end of sequence not found") {
    return "this line is among the entries of a list but is not an entry; expected - …, or more "
           "indentation to continue the entry above";
  }
  return absl::StrCat("not YAML: ", said);
}

}  // namespace

Mistake ExplainSyntax(const std::string& text, const Place& where, const std::string& said) {
  if (std::optional<Mistake> open = Brackets(where.source).FindOpen(text)) {
    absl::StrAppend(&open->text, Hint(LineOf(text, open->place.line)));
    return *std::move(open);
  }
  const std::string read = LineOf(text, where.line);
  const std::string hint = Hint(read);
  return {
      where,
      absl::StrCat(hint.empty() ? OutOfPlace(read, said) : absl::StrCat("not YAML: ", said), hint)};
}

}  // namespace replsim
