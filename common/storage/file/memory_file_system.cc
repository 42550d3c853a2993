#include "common/storage/file/memory_file_system.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace replsim {
namespace {

class MemoryFile : public File {
 public:
  explicit MemoryFile(std::shared_ptr<MemoryContents> contents) : contents_(std::move(contents)) {}

  absl::Status WriteAt(uint64_t offset, absl::string_view data) override {
    const std::lock_guard<std::mutex> lock(contents_->mutex);
    std::string& bytes = contents_->bytes;
    if (bytes.size() < offset + data.size()) {
      // Grows by an eighth, not by doubling: a run may keep a thousand logs in memory.
      if (bytes.capacity() < offset + data.size()) {
        bytes.reserve(offset + data.size() + bytes.capacity() / 8 + 4096);
      }
      bytes.resize(offset + data.size());
    }
    std::copy(data.begin(), data.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t bytes) const override {
    const std::lock_guard<std::mutex> lock(contents_->mutex);
    if (offset >= contents_->bytes.size()) return std::string();
    return contents_->bytes.substr(offset, bytes);
  }

  absl::Status Truncate(uint64_t size) override {
    const std::lock_guard<std::mutex> lock(contents_->mutex);
    contents_->bytes.resize(size);
    return absl::OkStatus();
  }

  absl::Status SyncTo(const SyncMark&) override { return absl::OkStatus(); }

  absl::StatusOr<uint64_t> Size() const override {
    const std::lock_guard<std::mutex> lock(contents_->mutex);
    return contents_->bytes.size();
  }

 private:
  const std::shared_ptr<MemoryContents> contents_;
};

absl::Status Missing(const std::string& path) {
  return absl::NotFoundError(absl::StrCat(path, ": no such file or folder"));
}

}  // namespace

absl::Status MemoryFileSystem::NeedFolder(const std::string& path) const {
  const bool exists = path == "." || path == "/" || folders_.count(path) > 0;
  return exists ? absl::OkStatus() : Missing(path);
}

absl::StatusOr<std::unique_ptr<File>> MemoryFileSystem::Open(const std::string& path, bool create) {
  const std::lock_guard<std::mutex> lock(mutex_);
  REPL_RETURN_IF_ERROR(NeedFolder(FolderOf(path)));
  auto found = files_.find(path);
  if (found == files_.end()) {
    if (!create) return Missing(path);
    found = files_.emplace(path, std::make_shared<MemoryContents>()).first;
  }
  return std::make_unique<MemoryFile>(found->second);
}

absl::Status MemoryFileSystem::MakeFolder(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (std::string folder = path; folder != "." && folder != "/"; folder = FolderOf(folder)) {
    folders_.insert(folder);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> MemoryFileSystem::List(const std::string& folder) {
  const std::lock_guard<std::mutex> lock(mutex_);
  REPL_RETURN_IF_ERROR(NeedFolder(folder));
  std::vector<std::string> names;
  const auto add = [&](const std::string& path) {
    if (FolderOf(path) == folder) names.push_back(path.substr(path.find_last_of('/') + 1));
  };
  for (const auto& [path, contents] : files_) add(path);
  for (const std::string& path : folders_) add(path);
  std::sort(names.begin(), names.end());
  return names;
}

absl::Status MemoryFileSystem::Rename(const std::string& from, const std::string& to) {
  const std::lock_guard<std::mutex> lock(mutex_);
  REPL_RETURN_IF_ERROR(NeedFolder(FolderOf(to)));
  const auto found = files_.find(from);
  if (found == files_.end()) return Missing(from);
  if (from == to) return absl::OkStatus();
  files_[to] = std::move(found->second);
  files_.erase(found);
  return absl::OkStatus();
}

absl::Status MemoryFileSystem::Remove(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return files_.erase(path) > 0 ? absl::OkStatus() : Missing(path);
}

absl::Status MemoryFileSystem::SyncFolder(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return NeedFolder(path);
}

}  // namespace replsim
