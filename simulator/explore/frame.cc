#include "simulator/explore/frame.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace replsim {
namespace {

constexpr size_t kHeader = sizeof(uint32_t);

bool WriteAll(int socket, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool ReadAll(int socket, char* to, size_t size) {
  while (size > 0) {
    const ssize_t got = recv(socket, to, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

}  // namespace

bool WriteFrame(int socket, absl::string_view text) {
  const auto size = static_cast<uint32_t>(text.size());
  char header[kHeader];
  std::memcpy(header, &size, kHeader);
  return WriteAll(socket, {header, kHeader}) && WriteAll(socket, text);
}

std::optional<std::string> ReadFrame(int socket) {
  char header[kHeader];
  if (!ReadAll(socket, header, kHeader)) return std::nullopt;
  uint32_t size = 0;
  std::memcpy(&size, header, kHeader);
  std::string text(size, '\0');
  if (!ReadAll(socket, text.data(), size)) return std::nullopt;
  return text;
}

std::optional<std::string> TakeFrame(std::string* received) {
  if (received->size() < kHeader) return std::nullopt;
  uint32_t size = 0;
  std::memcpy(&size, received->data(), kHeader);
  if (received->size() < kHeader + size) return std::nullopt;
  std::string text = received->substr(kHeader, size);
  received->erase(0, kHeader + size);
  return text;
}

}  // namespace replsim
