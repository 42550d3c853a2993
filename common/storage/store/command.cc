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

}  // namespace

void EncodeCommand(const Command& command, std::string* out) {
  REPL_CHECK(command.key.size() <= kKeyBytesMax, "key of ", command.key.size());
  const Header header{command.client, command.sequence, static_cast<uint8_t>(command.kind), 0,
                      static_cast<uint16_t>(command.key.size())};
  out->resize(kHeaderBytes);
  std::memcpy(out->data(), &header, kHeaderBytes);
  out->append(command.key.data(), command.key.size());
  out->append(command.value.data(), command.value.size());
}

std::optional<Command> DecodeCommand(absl::string_view payload) {
  Header header{};
  if (payload.size() < kHeaderBytes) return std::nullopt;
  std::memcpy(&header, payload.data(), kHeaderBytes);
  payload.remove_prefix(kHeaderBytes);
  const auto kind = static_cast<CommandKind>(header.kind);
  if (kind < CommandKind::kPut || kind > CommandKind::kEpochBegin) return std::nullopt;
  if (header.zero != 0 || header.key_bytes > kKeyBytesMax || header.key_bytes > payload.size()) {
    return std::nullopt;
  }
  return Command{header.client, header.sequence, kind, payload.substr(0, header.key_bytes),
                 payload.substr(header.key_bytes)};
}

}  // namespace replsim
