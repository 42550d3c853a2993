#include "simulator/scenario/enum_words.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace replsim {
namespace {

// The comments `spelled "…"` in protos/scenario.proto; a test compares them.
struct Spelling {
  const char* name;
  const char* word;
};
constexpr Spelling kSpellings[] = {
    {"ANSWER_UNKNOWN", "unknown"}, {"NO_WAIT", "none"},      {"FOR_POSITION", "position"},
    {"RETRY_FLUSH", "retry"},      {"NO_RETRY", "none"},     {"IO_BLOCKING", "blocking"},
    {"IO_URING", "io_uring"},      {"APPLY_FIRST", "apply"}, {"NO_DRAIN", "none"}};

}  // namespace

std::string WordOf(const google::protobuf::EnumValueDescriptor& value) {
  for (const Spelling& spelling : kSpellings) {
    if (value.name() == spelling.name) return spelling.word;
  }
  std::string word = absl::AsciiStrToLower(value.name());
  std::replace(word.begin(), word.end(), '_', '-');
  return word;
}

std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) words.push_back(WordOf(*type.value(i)));
  }
  return words;
}

std::optional<int> ParseEnum(const google::protobuf::EnumDescriptor& type, absl::string_view word) {
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0 && WordOf(*type.value(i)) == word)
      return type.value(i)->number();
  }
  return std::nullopt;
}

}  // namespace replsim
