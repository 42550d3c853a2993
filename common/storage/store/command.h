// The payload of a log record: one client's change to one key, or to several keys at once. (client,
// sequence) identifies the request, so that a retried request is applied once. The kind kEpochBegin
// has no client: with it a primary begins its epoch (take_over: own-record), and it changes
// nothing.
//
//   u64 client · u64 sequence · u8 kind · u8 0 · u16 key size · key · body (the rest)
//
// The record holds the operation, not its result. Each node computes the result when it applies the
// record (store.h). The body of a kind:
//   kPut, kAppend    the value, or the bytes to append
//   kDelete          empty
//   kCas             u32 1 + size of the expected value (0: the key must not exist) · expected
//                    value · new value
//   kTransaction     puts, each u16 key size · u32 value size · key · value; the key is empty
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace replsim {

enum class CommandKind : uint8_t {
  kPut = 1,
  kDelete = 2,
  kEpochBegin = 3,
  kAppend = 4,
  kCas = 5,
  kTransaction = 6,
};

inline constexpr size_t kKeyBytesMax = 1024;
// An append that would make a value larger than this changes nothing.
inline constexpr size_t kAppendedBytesMax = 4096;

struct Command {
  uint64_t client = 0;
  uint64_t sequence = 0;
  CommandKind kind = CommandKind::kPut;
  absl::string_view key;
  absl::string_view value;  // kTransaction: its puts, encoded (EncodePuts)
  // kCas: the value that the key must have. Absent: the key must not exist.
  std::optional<absl::string_view> expected{};
};

// Whether the command may change nothing, depending on the state to which it is applied.
inline bool IsConditional(CommandKind kind) {
  return kind == CommandKind::kCas || kind == CommandKind::kAppend;
}

void EncodeCommand(const Command& command, std::string* out);  // replaces *out
// Returns views into `payload`; absent if it is not a command.
std::optional<Command> DecodeCommand(absl::string_view payload);

// The puts of a transaction. Its keys must differ.
struct KeyValue {
  absl::string_view key;
  absl::string_view value;
};
std::string EncodePuts(absl::Span<const KeyValue> puts);
// Returns views into `value`, which must be the value of a decoded transaction.
std::vector<KeyValue> DecodePuts(absl::string_view value);
// The keys that the command changes.
std::vector<absl::string_view> KeysOf(const Command& command);

}  // namespace replsim
