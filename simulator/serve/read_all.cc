#include "simulator/serve/read_all.h"

#include <unistd.h>

#include <cerrno>

namespace replsim {

std::string ReadAll(int fd) {
  std::string all;
  char chunk[65536];
  for (;;) {
    const ssize_t size = read(fd, chunk, sizeof(chunk));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return all;
    all.append(chunk, static_cast<size_t>(size));
  }
}

}  // namespace replsim
