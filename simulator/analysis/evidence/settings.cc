#include "simulator/analysis/evidence/settings.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace replsim {
namespace {

// A mapping or list that is open at some indentation.
struct Level {
  size_t indent = 0;
  std::string path;
  int elements = 0;  // elements of the list seen so far
};

std::string Join(const std::string& parent, absl::string_view key) {
  return parent.empty() ? std::string(key) : absl::StrCat(parent, ".", key);
}

absl::string_view Unquote(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  for (const char* quote : {"\"", "'"}) {
    if (text.size() >= 2 && absl::StartsWith(text, quote) && absl::EndsWith(text, quote)) {
      return text.substr(1, text.size() - 2);
    }
  }
  return text;
}

// A comment begins with " #" outside quotes. Only the quoting of our own writer is recognized.
absl::string_view WithoutComment(absl::string_view line) {
  if (absl::StartsWith(absl::StripLeadingAsciiWhitespace(line), "#")) return "";
  if (absl::StrContains(line, '"') || absl::StrContains(line, '\'')) return line;
  return line.substr(0, line.find(" #"));
}

class Flattener {
 public:
  void Line(absl::string_view line) {
    line = WithoutComment(line);
    absl::string_view text = absl::StripLeadingAsciiWhitespace(line);
    size_t indent = line.size() - text.size();
    text = absl::StripTrailingAsciiWhitespace(text);
    if (text.empty() || text == "---") return;
    while (!levels_.empty() && levels_.back().indent > indent) levels_.pop_back();
    if (text == "-" || absl::StartsWith(text, "- ")) {
      BeginElement(indent);
      const absl::string_view rest = absl::StripLeadingAsciiWhitespace(text.substr(1));
      indent += text.size() - rest.size();
      text = rest;
      if (text.empty()) return;
    }
    Setting(indent, text);
  }

  std::vector<std::pair<std::string, std::string>> settings;

 private:
  // Path of the mapping or list that contains the line at `indent`.
  std::string ParentOf(size_t indent) const {
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
      if (level->indent < indent) return level->path;
    }
    return "";
  }

  void BeginElement(size_t indent) {
    // A list may have the same indentation as its key.
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
      if (level->indent > indent) continue;
      Level element{indent + 1, absl::StrCat(level->path, "[", level->elements++, "]"), 0};
      levels_.erase(level.base(), levels_.end());
      levels_.push_back(std::move(element));
      return;
    }
  }

  // The last value of a path wins.
  void Set(const std::string& path, absl::string_view value) {
    const auto known = std::find_if(settings.begin(), settings.end(),
                                    [&path](const auto& setting) { return setting.first == path; });
    if (known != settings.end()) {
      known->second = std::string(value);
    } else {
      settings.emplace_back(path, value);
    }
  }

  void Setting(size_t indent, absl::string_view text) {
    const size_t colon = text.find(':');
    const bool is_key = colon != absl::string_view::npos && text[0] != '{' && text[0] != '[' &&
                        text[0] != '"' && text[0] != '\'' &&
                        (colon + 1 == text.size() || text[colon + 1] == ' ');
    if (!is_key) {
      const std::string path = ParentOf(indent);
      if (!path.empty()) Set(path, Unquote(text));
      return;
    }
    const std::string path = Join(ParentOf(indent), Unquote(text.substr(0, colon)));
    const absl::string_view value = Unquote(text.substr(colon + 1));
    if (!value.empty()) Set(path, value);
    while (!levels_.empty() && levels_.back().indent >= indent) levels_.pop_back();
    levels_.push_back({indent, path, 0});
  }

  std::vector<Level> levels_;
};

}  // namespace

std::vector<std::pair<std::string, std::string>> FlattenSettings(absl::string_view yaml) {
  Flattener flattener;
  for (const absl::string_view line : absl::StrSplit(yaml, '\n')) flattener.Line(line);
  return std::move(flattener.settings);
}

}  // namespace replsim
