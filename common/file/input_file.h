// Reads files whose names or contents come from outside: a scenario, a recording, a node's
// configuration. Reads only regular files and pipes, up to a limit. A folder, a device (/dev/zero)
// or a file that is too large is an error that names the path. Calls block. An object belongs to
// one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace replsim {

class InputFile {
 public:
  // NotFound if there is no such file, InvalidArgument if it is neither a regular file nor a pipe.
  static absl::StatusOr<InputFile> Open(const std::string& path);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  // The size in bytes when the file was opened; 0 for a pipe.
  uint64_t size() const { return size_; }
  // Reads the next `bytes` into `to`. Returns the number of bytes read; fewer only at the end.
  absl::StatusOr<size_t> Read(char* to, size_t bytes);

 private:
  InputFile(std::string path, int descriptor, uint64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}

  std::string path_;
  int descriptor_;  // -1: moved away
  uint64_t size_;
};

// Reads the whole file. OutOfRange if it is larger than `limit` bytes; reads at most limit + 1.
absl::StatusOr<std::string> ReadInputFile(const std::string& path, uint64_t limit);

// The error of ReadInputFile for a file larger than `limit` bytes.
absl::Status TooLarge(const std::string& path, uint64_t limit);

}  // namespace replsim
