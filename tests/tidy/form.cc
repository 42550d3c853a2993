// Checks the form of files: width, length, first and last lines.
#include "tests/tidy/rules.h"

namespace replsim::tidy {
namespace {

constexpr size_t kColumnsMax = 100;
constexpr size_t kLinesMax = 450;

bool IsCMake(const std::string& path) {
  return EndsWith(path, ".cmake") || EndsWith(path, "CMakeLists.txt");
}
bool IsYaml(const std::string& path) { return EndsWith(path, ".yaml") || EndsWith(path, ".yml"); }
bool IsMarkdown(const std::string& path) { return EndsWith(path, ".md"); }
bool IsCode(const std::string& path) {
  return IsCpp(path) || IsCMake(path) || EndsWith(path, ".proto");
}
// Returns whether people write the file. Golden files and corpora are generated, and other files
// are not ours.
bool IsOurText(const std::string& path) {
  for (const char* folder : {"third_party", "tests/golden", "tests/fuzz/corpus"}) {
    if (IsWithin(path, folder) && !IsCpp(path)) return false;
  }
  return IsCode(path) || IsYaml(path) || IsMarkdown(path) || EndsWith(path, ".json") ||
         EndsWith(path, ".sh") || path == "dev" || path == ".ci/run";
}

// Code points, not bytes.
size_t Columns(const std::string& line) {
  size_t columns = 0;
  for (char c : line) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return columns;
}

void CheckLines(const File& file, Breaches* breaches) {
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    const auto add = [&](const char* rule, const std::string& what_to_do) {
      breaches->push_back({file.path, i + 1, rule, what_to_do});
    };
    if ((IsCode(file.path) || IsYaml(file.path)) && Columns(line) > kColumnsMax) {
      add("columns", std::to_string(Columns(line)) + " columns; break the line at " +
                         std::to_string(kColumnsMax));
    }
    if (line.find('\t') != std::string::npos) add("tab", "use spaces");
    if (!line.empty() && (line.back() == ' ' || line.back() == '\r')) {
      add("trailing-space", "remove the white space at the end of the line");
    }
    for (const char* leftover : {"TODO", "FIXME", "XXX"}) {
      if (FindWord(file.comments[i], leftover) == std::string::npos) continue;
      add("leftover", std::string(leftover) + ": do it now, or open an issue and remove the word");
    }
  }
  if (!file.ends_in_newline) {
    breaches->push_back(
        {file.path, file.lines.size(), "final-newline", "end the last line with a newline"});
  }
}

void CheckHeader(const File& file, Breaches* breaches) {
  for (const std::string& line : file.code) {
    if (line == "#pragma once") return;
  }
  breaches->push_back({file.path, 1, "pragma-once", "a header says #pragma once"});
}

void CheckTitle(const File& file, Breaches* breaches) {
  size_t titles = 0;
  size_t second = 1;
  bool fenced = false;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    if (StartsWith(file.lines[i], "```")) fenced = !fenced;
    if (fenced || !StartsWith(file.lines[i], "# ")) continue;
    if (++titles == 2) second = i + 1;
  }
  if (titles == 1) return;
  breaches->push_back({file.path, second, "one-title",
                       titles == 0
                           ? "begin the page with one title (# …)"
                           : "a page has one title (# …); make the others sections (## …)"});
}

void CheckLength(const Tree& tree, const std::vector<Allowance>& long_files, Breaches* breaches) {
  const auto allowance_of = [&](const std::string& path) -> const Allowance* {
    for (const Allowance& allowance : long_files) {
      if (allowance.path == path) return &allowance;
    }
    return nullptr;
  };
  size_t used = 0;
  for (const File& file : tree) {
    if (!IsCode(file.path) || IsWithin(file.path, "third_party")) continue;
    if (file.lines.size() <= kLinesMax) continue;
    const Allowance* allowance = allowance_of(file.path);
    used += allowance != nullptr ? 1 : 0;
    if (allowance != nullptr && !allowance->reason.empty()) continue;
    breaches->push_back({file.path, kLinesMax + 1, "length",
                         allowance != nullptr
                             ? "its allowance in tests/tidy/tidy.cc must state a reason"
                             : std::to_string(file.lines.size()) + " lines, more than " +
                                   std::to_string(kLinesMax) +
                                   ": split it by idea (or allow it, with a reason, in "
                                   "tests/tidy/tidy.cc)"});
  }
  if (used < long_files.size()) {
    breaches->push_back({"tests/tidy/tidy.cc", 1, "length",
                         "an allowance names a file that is not too long any more: remove it"});
  }
}

}  // namespace

void CheckForm(const Tree& tree, const std::vector<Allowance>& long_files, Breaches* breaches) {
  for (const File& file : tree) {
    if (!IsOurText(file.path) || IsWithin(file.path, "third_party")) continue;
    CheckLines(file, breaches);
    if (EndsWith(file.path, ".h")) CheckHeader(file, breaches);
    if (IsMarkdown(file.path)) CheckTitle(file, breaches);
  }
  CheckLength(tree, long_files, breaches);
}

}  // namespace replsim::tidy
