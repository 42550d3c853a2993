#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/storage/file/file.h"

namespace replsim {
namespace {

// "<path>: <what>: <errno in words>", with the code that fits the errno.
absl::Status Failed(const std::string& path, absl::string_view what, int error = errno) {
  return absl::ErrnoToStatus(error, absl::StrCat(path, ": ", what));
}

// Repeats a system call that a signal interrupted.
template <typename Call>
auto Uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

class PosixFile : public File {
 public:
  PosixFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;
  ~PosixFile() override { ::close(fd_); }

  absl::Status WriteAt(uint64_t offset, absl::string_view data) override {
    while (!data.empty()) {
      const ssize_t n = Uninterrupted(
          [&] { return ::pwrite(fd_, data.data(), data.size(), static_cast<off_t>(offset)); });
      // A full disk may write 0 bytes without an errno; a retry would loop forever.
      if (n <= 0) return Failed(path_, Range("write", data.size(), offset), n < 0 ? errno : ENOSPC);
      data.remove_prefix(static_cast<size_t>(n));
      offset += static_cast<uint64_t>(n);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t bytes) const override {
    std::string data(bytes, '\0');
    size_t done = 0;
    while (done < bytes) {
      const ssize_t n = Uninterrupted([&] {
        return ::pread(fd_, data.data() + done, bytes - done, static_cast<off_t>(offset + done));
      });
      if (n < 0) return Failed(path_, Range("read", bytes - done, offset + done));
      if (n == 0) break;
      done += static_cast<size_t>(n);
    }
    data.resize(done);
    return data;
  }

  absl::Status Truncate(uint64_t size) override {
    if (Uninterrupted([&] { return ::ftruncate(fd_, static_cast<off_t>(size)); }) == 0) {
      return absl::OkStatus();
    }
    return Failed(path_, absl::StrCat("truncate to ", size, " bytes"));
  }

  absl::Status SyncTo(const SyncMark& mark) override {
    return EndSync(mark, Uninterrupted([&] { return ::fdatasync(fd_); }) == 0 ? 0 : errno);
  }
  absl::Status EndSync(const SyncMark&, int error) override {
    return error == 0 ? absl::OkStatus() : Failed(path_, "flush (fdatasync)", error);
  }
  int descriptor() const override { return fd_; }

  absl::StatusOr<uint64_t> Size() const override {
    struct stat info;
    if (::fstat(fd_, &info) != 0) return Failed(path_, "ask its size");
    return static_cast<uint64_t>(info.st_size);
  }

 private:
  static std::string Range(absl::string_view what, size_t bytes, uint64_t offset) {
    return absl::StrCat(what, " ", bytes, " bytes at offset ", offset);
  }

  const std::string path_;
  const int fd_;
};

class PosixFiles : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, bool create) override {
    const int flags = O_CLOEXEC | (create ? O_CREAT : 0);
    // Only the owner may read the file: a node's configuration contains the access token.
    int fd = Uninterrupted([&] { return ::open(path.c_str(), O_RDWR | flags, 0600); });
    // A read-only recording can still be analysed. Writes to the file fail later.
    if (fd < 0 && !create && (errno == EACCES || errno == EROFS)) {
      fd = Uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); });
    }
    if (fd < 0) return Failed(path, create ? "create" : "open");
    return std::make_unique<PosixFile>(path, fd);
  }

  absl::Status MakeFolder(const std::string& path) override {
    for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
      REPL_RETURN_IF_ERROR(MakeOne(path.substr(0, slash)));
      if (slash == std::string::npos) return absl::OkStatus();
    }
  }

  absl::StatusOr<std::vector<std::string>> List(const std::string& folder) override {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
      names.push_back(entry->path().filename().string());
    }
    if (error) return Failed(folder, "list", error.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    if (std::rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
    return Failed(from, absl::StrCat("rename to ", to));
  }

  absl::Status Remove(const std::string& path) override {
    if (::unlink(path.c_str()) == 0) return absl::OkStatus();
    return Failed(path, "remove");
  }

  absl::Status SyncFolder(const std::string& path) override {
    const int fd =
        Uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (fd < 0) return Failed(path, "open the folder");
    const int result = Uninterrupted([&] { return ::fsync(fd); });
    const int error = errno;
    ::close(fd);
    return result == 0 ? absl::OkStatus() : Failed(path, "flush the folder (fsync)", error);
  }

 private:
  // Makes the name of a new folder durable: without it the files in the folder could be lost.
  absl::Status MakeOne(const std::string& path) {
    if (path.empty() || path == ".") return absl::OkStatus();
    if (::mkdir(path.c_str(), 0755) == 0) return SyncFolder(FolderOf(path));
    const int error = errno;
    struct stat info;
    if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return absl::OkStatus();
    return Failed(path, "make the folder", error);
  }
};

}  // namespace

FileSystem& PosixFileSystem() {
  static PosixFiles& files = *new PosixFiles;
  return files;
}

}  // namespace replsim
