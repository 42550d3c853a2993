// Unclear phrases, each with a replacement in the style of the PostgreSQL manual. The rule checks
// what users read: string literals, documents, scenario files, and the comments of .proto files,
// which `replsim schema` prints.
#include <algorithm>
#include <cctype>

#include "tests/tidy/rules.h"

namespace replsim::tidy {
namespace {

struct Phrase {
  const char* words;
  const char* better;
};
const Phrase kPhrases[] = {
    {"for ever", "indefinitely"},
    {"asked again", "retried"},
    {"asks again", "retries"},
    {"ask again", "retry"},
    {"cut off", "truncated (a log) or partitioned (a node)"},
    {"cuts off", "truncates (a log) or partitions (a node)"},
    {"cutting off", "truncating (a log) or partitioning (a node)"},
    {"told apart", "distinguished"},
    {"tell apart", "distinguish"},
    {"tells apart", "distinguishes"},
    {"at the least", "at least"},
    {"at the most", "at most"},
    {"all the same", "nevertheless"},
    {"whoever", "the noun that is meant, such as: the current primary"},
    {"nobody", "the noun that is meant, such as: no node, no client, no leadership was recorded"},
    {"what became of", "the fate of, or: the outcome of"},
    {"what comes of", "the result of"},
    {"comes to lead", "becomes primary"},
    {"leads no more", "is no longer the primary"},
    {"what follows from it", "the name of the thing"},
    {"what is exposed", "the writes at risk"},
    {"died by itself", "exited unexpectedly"},
    {"dies by itself", "exits unexpectedly"},
    {"answered committed", "acknowledged"},
    {"hear of it", "learn of it"},
    {"came damaged", "arrived corrupt"},
    {"while broken", "while behind"},
};

struct Word {
  std::string text;  // in lower case, without surrounding punctuation
  size_t line;       // from 1
};

// Returns the part of a line that users see: literals of C++, comments of .proto files.
std::string Visible(const File& file, size_t index) {
  const std::string& line = file.lines[index];
  if (EndsWith(file.path, ".proto")) return line.substr(std::min(line.find("//"), line.size()));
  if (!IsCpp(file.path)) return line;
  std::string text;
  for (size_t i = 0; i < line.size(); ++i) {
    const bool literal = file.code[index][i] == ' ' && file.comments[index][i] == ' ';
    const bool escaped = line[i] == '\\' || (i > 0 && line[i - 1] == '\\');
    text += literal && !escaped ? line[i] : ' ';
  }
  return text;
}

std::vector<Word> WordsOf(const File& file) {
  const auto is_punctuation = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) == 0;
  };
  std::vector<Word> words;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    for (std::string word : SplitWords(Visible(file, i))) {
      while (!word.empty() && is_punctuation(word.back())) word.pop_back();
      word.erase(word.begin(), std::find_if_not(word.begin(), word.end(), is_punctuation));
      if (word.empty()) continue;
      for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      words.push_back({std::move(word), i + 1});
    }
  }
  return words;
}

bool IsRead(const std::string& path) {
  if (IsWithin(path, "third_party")) return false;
  if (IsCpp(path)) return !IsWithin(path, "tests");
  return EndsWith(path, ".md") || EndsWith(path, ".yaml") || EndsWith(path, ".proto");
}

}  // namespace

void CheckPhrases(const Tree& tree, Breaches* breaches) {
  for (const File& file : tree) {
    if (!IsRead(file.path)) continue;
    const std::vector<Word> words = WordsOf(file);
    for (const Phrase& phrase : kPhrases) {
      const std::vector<std::string> wanted = SplitWords(phrase.words);
      const auto same = [](const Word& word, const std::string& text) { return word.text == text; };
      for (auto at = words.begin();; ++at) {
        at = std::search(at, words.end(), wanted.begin(), wanted.end(), same);
        if (at == words.end()) break;
        breaches->push_back(
            {file.path, at->line, "phrase",
             std::string("do not write \"") + phrase.words + "\", write: " + phrase.better});
      }
    }
  }
}

}  // namespace replsim::tidy
