#include "simulator/recording/file_bytes.h"

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace replsim {

absl::StatusOr<size_t> OpenToRead(const std::string& path, std::ifstream& file) {
  errno = 0;
  file.open(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
  if (size < 0) return CannotRead(path);
  file.seekg(0);
  return static_cast<size_t>(size);
}

absl::StatusOr<std::string> ReadFileBytes(const std::string& path) {
  std::ifstream file;
  absl::StatusOr<size_t> size = OpenToRead(path, file);
  if (!size.ok()) return size.status();
  std::string bytes(*size, '\0');
  if (!bytes.empty() && !file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    return CannotRead(path);
  }
  return bytes;
}

absl::Status WriteFileBytes(const std::string& path, absl::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file ? absl::OkStatus() : CannotWrite(path);
}

absl::Status CannotRead(const std::string& path) {
  const std::string why = absl::StrCat("cannot read ", path, ": ", std::strerror(errno));
  return errno == ENOENT ? absl::NotFoundError(why) : absl::UnavailableError(why);
}

absl::Status CannotWrite(const std::string& path) {
  return absl::UnavailableError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
}

}  // namespace replsim
