// What a log record's payload says: one client's write to one key. (client, sequence) names the
// request, so that the same request arriving twice is applied once. One kind is not a client's: the
// record with which a primary begins its epoch (take_over: own-record), which changes nothing.
//
//   u64 client · u64 sequence · u8 kind · u8 0 · u16 key size · key · value (the rest)
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

enum class CommandKind : uint8_t { kPut = 1, kDelete = 2, kEpochBegin = 3 };

inline constexpr size_t kKeyBytesMax = 1024;

struct Command {
  uint64_t client = 0;
  uint64_t sequence = 0;
  CommandKind kind = CommandKind::kPut;
  absl::string_view key;
  absl::string_view value;
};

void EncodeCommand(const Command& command, std::string* out);  // replaces *out
// Views into `payload`; nothing where it is not a command.
std::optional<Command> DecodeCommand(absl::string_view payload);

}  // namespace replsim
