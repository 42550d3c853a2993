#include "simulator/history/read_history.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace replsim::history {
namespace {

// The first line that is neither blank nor a comment. Comments begin with ';' or "//".
absl::string_view FirstLine(absl::string_view text) {
  while (true) {
    text = absl::StripLeadingAsciiWhitespace(text);
    const size_t end = text.find('\n');
    if (text.empty() || (text[0] != ';' && !absl::StartsWith(text, "//"))) {
      return text.substr(0, end);
    }
    text = end == absl::string_view::npos ? "" : text.substr(end);
  }
}

bool IsWord(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Whether the line looks like "[x:=1 y==2]": a name, then ":=" or "==".
bool LooksLikeDbcop(absl::string_view line) {
  if (line.empty() || line[0] != '[') return false;
  size_t at = 1;
  while (at < line.size() && IsWord(line[at])) ++at;
  return at > 1 &&
         (absl::StartsWith(line.substr(at), ":=") || absl::StartsWith(line.substr(at), "=="));
}

}  // namespace

Format FindFormat(absl::string_view text) {
  const absl::string_view line = FirstLine(text);
  if (absl::StartsWith(line, "w(") || absl::StartsWith(line, "r(")) return Format::kPlume;
  if (absl::StartsWith(line, "w ") || absl::StartsWith(line, "r ") ||
      absl::StartsWith(line, "----") || absl::StartsWith(line, "====")) {
    return Format::kAwdit;
  }
  if (absl::StrContains(line, "jepsen.util - ")) return Format::kJepsenLog;
  if (LooksLikeDbcop(line) || absl::StartsWith(line, "---")) return Format::kDbcop;
  if (line.empty()) return Format::kAuto;
  if (line[0] != '[' && line[0] != '(' && line[0] != '{' && line[0] != '#') return Format::kAuto;
  const size_t brace = text.find('{');
  if (brace == absl::string_view::npos) return Format::kJepsen;
  const absl::string_view inside = absl::StripLeadingAsciiWhitespace(text.substr(brace + 1));
  if (!inside.empty() && inside[0] == '"') return Format::kJson;
  const absl::string_view map = inside.substr(0, inside.find('}'));
  return absl::StrContains(map, ":key ") &&
                 (absl::StrContains(map, ":get") || absl::StrContains(map, ":put") ||
                  absl::StrContains(map, ":append"))
             ? Format::kKv
             : Format::kJepsen;
}

absl::StatusOr<History> ReadHistory(absl::string_view text, const std::string& name,
                                    const ReadOptions& options) {
  const Format format = options.format == Format::kAuto ? FindFormat(text) : options.format;
  switch (format) {
    case Format::kPlume:
      return ReadPlume(text, name);
    case Format::kAwdit:
      return ReadAwdit(text, name);
    case Format::kDbcop:
      return ReadDbcop(text, name);
    case Format::kJepsen:
    case Format::kJepsenLog:
    case Format::kKv:
    case Format::kJson:
      return ReadJepsen(text, name, format, options);
    case Format::kAuto:
      break;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      name,
      ":1:1: this is no history that replsim knows; expected Jepsen's EDN or JSON, a Jepsen "
      "log, or the text of Porcupine's key-value files, Plume, AWDIT or dbcop (--format)"));
}

}  // namespace replsim::history
