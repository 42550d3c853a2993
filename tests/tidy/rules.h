// The house rules, checked over the text of the tree. A rule is a function of the tree that adds a
// breach for every place that departs from it; it opens no file, so that it can be tested on small
// trees written down in samples.cc. Only the standard library: this must build anywhere.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace replsim::tidy {

// One file of the tree. `path` is relative to the root, with '/'. The three views have the same
// lines: `code` has comments and literals blanked, `comments` has everything else blanked. Of files
// that are not C++, `code` and `comments` are the text itself.
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

// Who may include whom (layers.cc).
void CheckLayers(const Tree& tree, Breaches* breaches);
// What pure code may not use, and what nobody may (banned.cc).
void CheckBanned(const Tree& tree, Breaches* breaches);

// A file that may be longer than the limit, and why.
struct Allowance {
  std::string path;
  std::string reason;
};
// Length, columns, white space, headers, titles (form.cc).
void CheckForm(const Tree& tree, const std::vector<Allowance>& long_files, Breaches* breaches);
// Every scenario asks and expects; every test is run (registry.cc).
void CheckRegistry(const Tree& tree, Breaches* breaches);

// Phrases that users should not have to read (phrases.cc).
void CheckPhrases(const Tree& tree, Breaches* breaches);

// 0 if every rule catches its bad samples and passes the good ones; prints what does not.
int SelfTest();

bool StartsWith(const std::string& text, const std::string& prefix);
bool EndsWith(const std::string& text, const std::string& suffix);
bool IsCpp(const std::string& path);
// `folder` itself, something below it, or the file of that name; "" holds everything.
bool IsWithin(const std::string& path, const std::string& folder);
std::vector<std::string> SplitWords(const std::string& text);
// Place of `word` in `line` from `from` on, where no identifier goes on before or after it; npos if
// nowhere. A word that ends in '*' may go on.
size_t FindWord(const std::string& line, const std::string& word, size_t from = 0);

}  // namespace replsim::tidy
