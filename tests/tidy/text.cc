// Text helpers, and the split of C++ into code and comments.
#include <algorithm>
#include <cctype>
#include <sstream>

#include "tests/tidy/rules.h"

namespace replsim::tidy {
namespace {

bool IsIdentifier(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::vector<std::string> SplitLines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Returns the end of the literal that begins at `at` (its opening quote): one past the closing
// quote.
size_t LiteralEnd(const std::string& text, size_t at) {
  const char quote = text[at];
  if (quote == '"' && at > 0 && text[at - 1] == 'R') {
    const size_t open = text.find('(', at);
    if (open == std::string::npos) return text.size();
    const std::string close = ")" + text.substr(at + 1, open - at - 1) + "\"";
    const size_t end = text.find(close, open);
    return end == std::string::npos ? text.size() : end + close.size();
  }
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote || text[i] == '\n') {
      return i + 1;
    }
  }
  return text.size();
}

size_t CommentEnd(const std::string& text, size_t at) {
  if (text[at + 1] == '/') return std::min(text.find('\n', at), text.size());
  const size_t end = text.find("*/", at + 2);
  return end == std::string::npos ? text.size() : end + 2;
}

void Blank(std::string* text, size_t begin, size_t end) {
  for (size_t i = begin; i < std::min(end, text->size()); ++i) {
    if ((*text)[i] != '\n') (*text)[i] = ' ';
  }
}

void SplitCpp(const std::string& text, std::string* code, std::string* comments) {
  *code = text;
  *comments = text;
  size_t i = 0;
  while (i < text.size()) {
    size_t end = i + 1;
    if (text.compare(i, 2, "//") == 0 || text.compare(i, 2, "/*") == 0) {
      end = CommentEnd(text, i);
      Blank(code, i, end);
    } else {
      // Between digits, ' is a separator.
      const bool separator = text[i] == '\'' && i > 0 && IsIdentifier(text[i - 1]);
      if (text[i] == '"' || (text[i] == '\'' && !separator)) {
        end = LiteralEnd(text, i);
        Blank(code, i + 1, end - 1);
      }
      Blank(comments, i, end);
    }
    i = end;
  }
}

}  // namespace

File MakeFile(const std::string& path, const std::string& text) {
  std::string code = text;
  std::string comments = text;
  if (IsCpp(path)) SplitCpp(text, &code, &comments);
  return {path, text.empty() || text.back() == '\n', SplitLines(text), SplitLines(code),
          SplitLines(comments)};
}

bool StartsWith(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

bool EndsWith(const std::string& text, const std::string& suffix) {
  return text.size() >= suffix.size() &&
         text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
}

bool IsCpp(const std::string& path) { return EndsWith(path, ".h") || EndsWith(path, ".cc"); }

bool IsWithin(const std::string& path, const std::string& folder) {
  return folder.empty() || path == folder || StartsWith(path, folder + "/");
}

std::vector<std::string> SplitWords(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream in(text);
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

size_t FindWord(const std::string& line, const std::string& word, size_t from) {
  const bool may_go_on = word.back() == '*';
  const std::string exact = may_go_on ? word.substr(0, word.size() - 1) : word;
  for (size_t at = line.find(exact, from); at != std::string::npos; at = line.find(exact, at + 1)) {
    const size_t end = at + exact.size();
    const bool starts = at == 0 || !IsIdentifier(line[at - 1]) || !IsIdentifier(exact.front());
    const bool ends =
        may_go_on || end == line.size() || !IsIdentifier(line[end]) || !IsIdentifier(exact.back());
    if (starts && ends) return at;
  }
  return std::string::npos;
}

}  // namespace replsim::tidy
