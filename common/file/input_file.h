// Reads files whose names or contents come from outside: a scenario, a recording, a node's
// configuration. Only a regular file or a pipe is read, and never more of it than a limit: a
// folder, a device (/dev/zero) or a file that is too large is an error that names the path, not a
// crash. Blocks; for one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace replsim {

class InputFile {
 public:
  // NotFound where there is no such file, InvalidArgument where it is neither a file nor a pipe.
  static absl::StatusOr<InputFile> Open(const std::string& path);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  // Its size in bytes when it was opened; 0 of a pipe.
  uint64_t size() const { return size_; }
  // The next `bytes`; fewer only at the end.
  absl::StatusOr<size_t> Read(char* to, size_t bytes);

 private:
  InputFile(std::string path, int descriptor, uint64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}

  std::string path_;
  int descriptor_;  // -1: moved away
  uint64_t size_;
};

// All of it. OutOfRange where it holds more than `limit` bytes, of which at most one more is read.
absl::StatusOr<std::string> ReadInputFile(const std::string& path, uint64_t limit);

// The error of a file that holds more.
absl::Status TooLarge(const std::string& path, uint64_t limit);

}  // namespace replsim
