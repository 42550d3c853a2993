#include "common/storage/store/command.h"

#include <cstring>

#include "common/base/check.h"

namespace replsim {
namespace {

struct Header {
  uint64_t client;
  uint64_t sequence;
  uint8_t kind;
  uint8_t zero;
  uint16_t key_bytes;
};
constexpr size_t kHeaderBytes = 20;

template <typename Number>
void AppendNumber(Number number, std::string* out) {
  out->append(reinterpret_cast<const char*>(&number), sizeof(number));
}

template <typename Number>
bool ConsumeNumber(absl::string_view* from, Number* number) {
  if (from->size() < sizeof(*number)) return false;
  std::memcpy(number, from->data(), sizeof(*number));
  from->remove_prefix(sizeof(*number));
  return true;
}

bool ConsumeBytes(absl::string_view* from, size_t bytes, absl::string_view* out) {
  if (from->size() < bytes) return false;
  *out = from->substr(0, bytes);
  from->remove_prefix(bytes);
  return true;
}

// Consumes the expected value, so that the new value remains.
bool ConsumeExpected(Command* command) {
  uint32_t size = 0;
  absl::string_view expected;
  if (!ConsumeNumber(&command->value, &size)) return false;
  if (size == 0) return true;
  if (!ConsumeBytes(&command->value, size - 1, &expected)) return false;
  command->expected = expected;
  return true;
}

bool ConsumePut(absl::string_view* from, KeyValue* put) {
  uint16_t key_bytes = 0;
  uint32_t value_bytes = 0;
  return ConsumeNumber(from, &key_bytes) && ConsumeNumber(from, &value_bytes) &&
         key_bytes <= kKeyBytesMax && ConsumeBytes(from, key_bytes, &put->key) &&
         ConsumeBytes(from, value_bytes, &put->value);
}

bool ArePuts(absl::string_view value) {
  KeyValue put;
  while (!value.empty()) {
    if (!ConsumePut(&value, &put)) return false;
  }
  return true;
}

}  // namespace

void EncodeCommand(const Command& command, std::string* out) {
  REPL_CHECK(command.key.size() <= kKeyBytesMax, "key of ", command.key.size());
  const Header header{command.client, command.sequence, static_cast<uint8_t>(command.kind), 0,
                      static_cast<uint16_t>(command.key.size())};
  out->resize(kHeaderBytes);
  std::memcpy(out->data(), &header, kHeaderBytes);
  out->append(command.key.data(), command.key.size());
  if (command.kind == CommandKind::kCas) {
    const uint32_t size =
        command.expected ? 1 + static_cast<uint32_t>(command.expected->size()) : 0;
    AppendNumber(size, out);
    if (command.expected) out->append(command.expected->data(), command.expected->size());
  }
  out->append(command.value.data(), command.value.size());
}

std::optional<Command> DecodeCommand(absl::string_view payload) {
  Header header{};
  if (payload.size() < kHeaderBytes) return std::nullopt;
  std::memcpy(&header, payload.data(), kHeaderBytes);
  payload.remove_prefix(kHeaderBytes);
  const auto kind = static_cast<CommandKind>(header.kind);
  if (kind < CommandKind::kPut || kind > CommandKind::kTransaction) return std::nullopt;
  if (header.zero != 0 || header.key_bytes > kKeyBytesMax || header.key_bytes > payload.size()) {
    return std::nullopt;
  }
  Command command{header.client, header.sequence, kind, payload.substr(0, header.key_bytes),
                  payload.substr(header.key_bytes)};
  if (kind == CommandKind::kCas && !ConsumeExpected(&command)) return std::nullopt;
  if (kind == CommandKind::kTransaction && !ArePuts(command.value)) return std::nullopt;
  return command;
}

std::string EncodePuts(absl::Span<const KeyValue> puts) {
  std::string out;
  for (const KeyValue& put : puts) {
    REPL_CHECK(put.key.size() <= kKeyBytesMax, "key of ", put.key.size());
    AppendNumber(static_cast<uint16_t>(put.key.size()), &out);
    AppendNumber(static_cast<uint32_t>(put.value.size()), &out);
    out.append(put.key.data(), put.key.size());
    out.append(put.value.data(), put.value.size());
  }
  return out;
}

std::vector<KeyValue> DecodePuts(absl::string_view value) {
  std::vector<KeyValue> puts;
  while (!value.empty()) {
    REPL_CHECK(ConsumePut(&value, &puts.emplace_back()), "a transaction that is not its puts");
  }
  return puts;
}

std::vector<absl::string_view> KeysOf(const Command& command) {
  if (command.kind != CommandKind::kTransaction) return {command.key};
  std::vector<absl::string_view> keys;
  for (const KeyValue& put : DecodePuts(command.value)) keys.push_back(put.key);
  return keys;
}

}  // namespace replsim
