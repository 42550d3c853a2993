// A folder for code under test that reads files by name. It is in memory if the machine has
// /dev/shm. The destructor removes it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/string_view.h"
#include "common/base/check.h"
#include "simulator/recording/file_bytes.h"

namespace replsim {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::error_code error;
    path_ = std::filesystem::is_directory("/dev/shm", error) ? "/dev/shm" : "/tmp";
    path_ += "/replsim-test-XXXXXX";
    REPL_CHECK(mkdtemp(path_.data()) != nullptr, path_);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

  // Replaces the file and returns its path.
  std::string Write(const std::string& name, absl::string_view bytes) const {
    const std::string path = path_ + "/" + name;
    const absl::Status written = WriteFileBytes(path, bytes);
    REPL_CHECK(written.ok(), written.ToString());
    return path;
  }

 private:
  std::string path_;
};

// Returns what `write` leaves in a file, given the file's path. Used for seeds.
template <typename Write>
std::string BytesOf(Write write) {
  const ScratchFolder folder;
  const std::string path = folder.path() + "/bytes";
  const absl::Status written = write(path);
  REPL_CHECK(written.ok(), written.ToString());
  return *ReadFileBytes(path);
}

// Checks that the message of a refused file names the file.
inline void CheckRefusal(const absl::Status& status, const std::string& path) {
  REPL_CHECK(status.message().find(path) != absl::string_view::npos, status.ToString());
}

}  // namespace replsim
