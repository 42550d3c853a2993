// The payload of a log record: one client's write to one key. (client, sequence) identifies the
// request, so that a retried request is applied once. The kind kEpochBegin has no client: with it a
// primary begins its epoch (take_over: own-record), and it changes nothing.
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
// Returns views into `payload`; absent if it is not a command.
std::optional<Command> DecodeCommand(absl::string_view payload);

}  // namespace replsim
