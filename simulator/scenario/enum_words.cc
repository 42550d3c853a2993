#include "simulator/scenario/enum_words.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/config/ack_stage.h"

namespace replsim {
namespace {

// Must equal the `spelled "…"` comments of the protos; a test compares them.
struct Spelling {
  const char* name;
  const char* word;
};
constexpr Spelling kSpellings[] = {
    {"ANSWER_UNKNOWN", "unknown"},    {"NO_WAIT", "none"},      {"FOR_POSITION", "position"},
    {"RETRY_FLUSH", "retry"},         {"NO_RETRY", "none"},     {"IO_BLOCKING", "blocking"},
    {"IO_URING", "io_uring"},         {"APPLY_FIRST", "apply"}, {"NO_DRAIN", "none"},
    {"FOR_OWN_WRITES", "own-writes"}, {"ANY_CANDIDATE", "any"}, {"ALL_NODES", "all"},
    {"WAIT_FOR_RESTART", "wait"},     {"ALL_OBSERVERS", "all"}, {"WITNESSES_OBSERVE", "witnesses"},
    {"BY_CANDIDATE", "candidate"},    {"BY_WITNESS", "witness"}};

}  // namespace

std::vector<const google::protobuf::EnumValueDescriptor*> ValuesOf(
    const google::protobuf::FieldDescriptor& field) {
  const google::protobuf::EnumDescriptor& type = *field.enum_type();
  const bool of_primary = field.full_name() == "replsim.proto.ReplicationSpec.send_after";
  std::vector<const google::protobuf::EnumValueDescriptor*> values;
  for (int i = 0; i < type.value_count(); ++i) {
    const int number = type.value(i)->number();
    if (number == 0) continue;
    if (of_primary && IsReplicaStage(static_cast<proto::AckStage>(number))) continue;
    values.push_back(type.value(i));
  }
  return values;
}

std::string WordOf(const google::protobuf::EnumValueDescriptor& value) {
  for (const Spelling& spelling : kSpellings) {
    if (value.name() == spelling.name) return spelling.word;
  }
  std::string word = absl::AsciiStrToLower(value.name());
  std::replace(word.begin(), word.end(), '_', '-');
  return word;
}

std::vector<std::string> WordsOf(const google::protobuf::FieldDescriptor& field) {
  std::vector<std::string> words;
  for (const google::protobuf::EnumValueDescriptor* value : ValuesOf(field)) {
    words.push_back(WordOf(*value));
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
