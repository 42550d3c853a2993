// Checks for files without effect: scenarios without a question or expectations, and tests that no
// build runs.
#include "tests/tidy/rules.h"

namespace replsim::tidy {
namespace {

// Returns whether a top-level key has a value, on its line or indented below it.
bool HasKey(const File& file, const std::string& key) {
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    if (!StartsWith(line, key + ":")) continue;
    const std::string rest = line.substr(key.size() + 1);
    const size_t value = rest.find_first_not_of(' ');
    if (value != std::string::npos && rest[value] != '#') return rest.substr(value) != "[]";
    for (size_t next = i + 1; next < file.lines.size(); ++next) {
      const size_t text = file.lines[next].find_first_not_of(' ');
      if (text == std::string::npos || file.lines[next][text] == '#') continue;
      return text > 0 || file.lines[next][0] == '-';
    }
  }
  return false;
}

void CheckScenario(const File& file, Breaches* breaches) {
  for (const char* key : {"question", "expect"}) {
    if (HasKey(file, key)) continue;
    breaches->push_back({file.path, 1, "scenario",
                         std::string("say `") + key +
                             ":` at the top level, with something to it: a scenario asks one "
                             "question and knows what it expects"});
  }
}

bool IsRegistered(const Tree& tree, const std::string& name) {
  for (const File& file : tree) {
    if (!StartsWith(file.path, "tests/") || !EndsWith(file.path, ".cmake")) continue;
    for (const std::string& line : file.lines) {
      if (FindWord(line.substr(0, line.find('#')), name) != std::string::npos) return true;
    }
  }
  return false;
}

}  // namespace

void CheckRegistry(const Tree& tree, Breaches* breaches) {
  for (const File& file : tree) {
    if (IsWithin(file.path, "scenarios") && EndsWith(file.path, ".yaml")) {
      CheckScenario(file, breaches);
    }
    const bool unit = IsWithin(file.path, "tests/unit");
    const bool test = IsWithin(file.path, "tests") && EndsWith(file.path, "_test.cc");
    if (!EndsWith(file.path, ".cc") || (!unit && !test)) continue;
    const size_t slash = file.path.rfind('/') + 1;
    const std::string name = file.path.substr(slash, file.path.size() - slash - 3);
    if (IsRegistered(tree, name)) continue;
    breaches->push_back({file.path, 1, "unregistered",
                         "no tests/*.cmake names " + name + ", so nothing builds or runs it"});
  }
}

}  // namespace replsim::tidy
