#include "tests/tidy/include.h"

namespace replsim::tidy {

std::vector<Include> IncludesOf(const File& file) {
  std::vector<Include> includes;
  if (!IsCpp(file.path)) return includes;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    // The code view tells whether it is an #include (and not a comment); the text has its target.
    const std::string& code = file.code[i];
    const size_t hash = code.find_first_not_of(' ');
    if (hash == std::string::npos || code[hash] != '#') continue;
    const size_t word = code.find_first_not_of(' ', hash + 1);
    if (word == std::string::npos || code.compare(word, 7, "include") != 0) continue;
    const std::string& line = file.lines[i];
    const size_t open = line.find_first_of("\"<", hash);
    if (open == std::string::npos) continue;
    const size_t close = line.find(line[open] == '<' ? '>' : '"', open + 1);
    if (close == std::string::npos) continue;
    includes.push_back({i + 1, line.substr(open, close - open + 1)});
  }
  return includes;
}

}  // namespace replsim::tidy
