#include "simulator/history/read_history.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "simulator/history/rows.h"

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

// A file may begin with the byte order mark of UTF-8.
absl::string_view WithoutByteOrderMark(absl::string_view text) {
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  return text;
}

// The text from the first map of EDN or JSON on, without its brace: what stands before it may be
// blanks, comments, a tag, and the bracket of the vector or list around all maps. Empty if
// something else comes first.
absl::string_view InsideFirstMap(absl::string_view text) {
  while (!text.empty()) {
    const char c = text[0];
    if (c == '{') return absl::StripLeadingAsciiWhitespace(text.substr(1));
    if (c == ';') {
      text = text.substr(std::min(text.find('\n'), text.size()));
    } else if (c == '#') {
      text = text.substr(std::min(text.find_first_of(" \t\r\n{"), text.size()));
    } else if (c == '[' || c == '(' || c == ',' ||
               absl::ascii_isspace(static_cast<unsigned char>(c))) {
      text.remove_prefix(1);
    } else {
      break;
    }
  }
  return "";
}

}  // namespace

Format FindFormat(absl::string_view text) {
  text = WithoutByteOrderMark(text);
  const absl::string_view line = FirstLine(text);
  if (absl::StartsWith(line, "w(") || absl::StartsWith(line, "r(")) return Format::kPlume;
  if (absl::StartsWith(line, "w ") || absl::StartsWith(line, "r ") ||
      absl::StartsWith(line, "----") || absl::StartsWith(line, "====")) {
    return Format::kAwdit;
  }
  if (absl::StrContains(line, kOperationLogger)) return Format::kJepsenLog;
  if (LooksLikeDbcop(line) || absl::StartsWith(line, "---")) return Format::kDbcop;
  if (line.empty()) return Format::kAuto;
  if (line[0] != '[' && line[0] != '(' && line[0] != '{' && line[0] != '#') {
    // Other parts of Jepsen log before the operations begin.
    return absl::StrContains(text, kOperationLogger) ? Format::kJepsenLog : Format::kAuto;
  }
  const absl::string_view inside = InsideFirstMap(text);
  if (!inside.empty() && inside[0] == '"') return Format::kJson;
  const absl::string_view map = inside.substr(0, inside.find('}'));
  return absl::StrContains(map, ":key ") &&
                 (absl::StrContains(map, ":get") || absl::StrContains(map, ":put") ||
                  absl::StrContains(map, ":append"))
             ? Format::kKv
             : Format::kJepsen;
}

namespace {

absl::StatusOr<History> ReadIn(Format format, absl::string_view text, const std::string& name,
                               const ReadOptions& options) {
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
  if (FirstLine(text).empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ":1:1: the file is empty, or has only comments; expected a history"));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      name,
      ":1:1: this is no history that replsim knows; expected Jepsen's EDN or JSON, a Jepsen "
      "log, or the text of Porcupine's key-value files, Plume, AWDIT or dbcop (--format)"));
}

}  // namespace

absl::StatusOr<History> ReadHistory(absl::string_view text, const std::string& name,
                                    const ReadOptions& options) {
  text = WithoutByteOrderMark(text);
  const Format format = options.format == Format::kAuto ? FindFormat(text) : options.format;
  absl::StatusOr<History> history = ReadIn(format, text, name, options);
  if (history.ok() && history->processes.empty() && history->faults.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, ":1:1: the file has no operation of a client, so there is nothing to judge"));
  }
  return history;
}

}  // namespace replsim::history
