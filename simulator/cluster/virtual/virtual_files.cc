#include "simulator/cluster/virtual/virtual_files.h"

#include <utility>

#include "common/base/status.h"

namespace replsim {
namespace {

class TimedFile final : public File {
 public:
  TimedFile(std::unique_ptr<File> file, const std::function<void()>* on_write)
      : file_(std::move(file)), on_write_(on_write) {}

  absl::Status WriteAt(uint64_t offset, absl::string_view data) override {
    (*on_write_)();
    return file_->WriteAt(offset, data);
  }
  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t bytes) const override {
    return file_->ReadAt(offset, bytes);
  }
  absl::Status Truncate(uint64_t size) override { return file_->Truncate(size); }
  absl::Status Sync() override { return file_->Sync(); }
  absl::StatusOr<uint64_t> Size() const override { return file_->Size(); }

 private:
  const std::unique_ptr<File> file_;
  const std::function<void()>* const on_write_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<File>> VirtualFiles::Open(const std::string& path, bool create) {
  REPL_ASSIGN_OR_RETURN(std::unique_ptr<File> file, files_.Open(path, create));
  return std::make_unique<TimedFile>(std::move(file), &on_write_);
}

}  // namespace replsim
