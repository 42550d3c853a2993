// The house rules, checked on the text of the tree. A rule is a function of the tree that adds a
// breach for every violation. It opens no file, so samples.cc can test it on small trees. The code
// uses only the standard library, because it must build anywhere.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace replsim::tidy {

// One file of the tree. `path` is relative to the root, with '/'. The three views have the same
// lines: `code` has comments and literals blanked, `comments` has everything else blanked. For
// files that are not C++, `code` and `comments` are the text itself.
struct File {
  std::string path;
  bool ends_in_newline = true;
  std::vector<std::string> lines;
  std::vector<std::string> code;
  std::vector<std::string> comments;
};
using Tree = std::vector<File>;

struct Breach {
  std::string path;
  size_t line = 0;  // from 1
  std::string rule;
  std::string what_to_do;
};
using Breaches = std::vector<Breach>;

File MakeFile(const std::string& path, const std::string& text);

// Checks which folder may include which (layers.cc).
void CheckLayers(const Tree& tree, Breaches* breaches);
// Checks names that pure code, or all code, must not use (banned.cc).
void CheckBanned(const Tree& tree, Breaches* breaches);

// A file that may exceed the length limit, and why.
struct Allowance {
  std::string path;
  std::string reason;
};
// Checks length, columns, white space, headers and titles (form.cc).
void CheckForm(const Tree& tree, const std::vector<Allowance>& long_files, Breaches* breaches);
// Checks that every scenario has a question and expectations, and that every test runs
// (registry.cc).
void CheckRegistry(const Tree& tree, Breaches* breaches);

// Checks for unclear phrases in texts that users read (phrases.cc).
void CheckPhrases(const Tree& tree, Breaches* breaches);

// Returns 0 if every rule catches its bad samples and accepts the good ones; prints the failures.
int SelfTest();

bool StartsWith(const std::string& text, const std::string& prefix);
bool EndsWith(const std::string& text, const std::string& suffix);
bool IsCpp(const std::string& path);
// Returns whether `path` is `folder`, something below it, or the file of that name. "" contains
// everything.
bool IsWithin(const std::string& path, const std::string& folder);
std::vector<std::string> SplitWords(const std::string& text);
// Returns the position of `word` in `line` from `from` on, as a whole identifier; npos if there is
// none. A word that ends in '*' matches a prefix.
size_t FindWord(const std::string& line, const std::string& word, size_t from = 0);

}  // namespace replsim::tidy
