#include "common/file/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace replsim {
namespace {

absl::Status Failed(const std::string& path, absl::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat(path, ": cannot ", what));
}

absl::Status NoInput(const std::string& path, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(path, ": is ", what, ", not a file"));
}

}  // namespace

absl::StatusOr<InputFile> InputFile::Open(const std::string& path) {
  // Checked before the open, because opening a device may have an effect.
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return Failed(path, "open");
  if (S_ISDIR(info.st_mode)) return NoInput(path, "a folder");
  const bool pipe = S_ISFIFO(info.st_mode);
  if (!pipe && !S_ISREG(info.st_mode)) return NoInput(path, "a device or a socket");
  int descriptor = -1;
  do {
    descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return Failed(path, "open");
  return InputFile(path, descriptor, pipe ? 0 : static_cast<uint64_t>(info.st_size));
}

InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

InputFile::~InputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

absl::StatusOr<size_t> InputFile::Read(char* to, size_t bytes) {
  size_t done = 0;
  while (done < bytes) {
    const ssize_t got = ::read(descriptor_, to + done, bytes - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed(path_, "read");
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

absl::StatusOr<std::string> ReadInputFile(const std::string& path, uint64_t limit) {
  REPL_ASSIGN_OR_RETURN(InputFile file, InputFile::Open(path));
  if (file.size() > limit) return TooLarge(path, limit);
  constexpr uint64_t kStep = 64 << 10;
  // One byte more than the size shows whether the file has grown, or is a pipe with more data.
  std::string bytes;
  uint64_t done = 0;
  while (done == bytes.size()) {
    if (done > limit) return TooLarge(path, limit);
    bytes.resize(std::min(std::max({file.size() + 1, 2 * done, kStep}), limit + 1));
    REPL_ASSIGN_OR_RETURN(const size_t got, file.Read(bytes.data() + done, bytes.size() - done));
    done += got;
  }
  bytes.resize(done);
  return bytes;
}

absl::Status TooLarge(const std::string& path, uint64_t limit) {
  constexpr uint64_t kMiB = 1 << 20;
  const std::string most =
      limit % kMiB == 0 ? absl::StrCat(limit / kMiB, " MiB") : absl::StrCat(limit, " bytes");
  return absl::OutOfRangeError(
      absl::StrCat(path, ": is larger than ", most, ", the limit for such a file"));
}

}  // namespace replsim
