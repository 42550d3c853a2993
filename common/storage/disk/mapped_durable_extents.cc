#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>

#include "absl/strings/str_cat.h"
#include "common/storage/disk/durable_extents.h"

namespace replsim {
namespace {

struct Slot {
  std::atomic<uint64_t> inode{0};  // 0: free
  DurableExtent part;
};
constexpr size_t kSlots = 8192;
using Table = std::array<Slot, kSlots>;

uint64_t InodeOf(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

class MappedDurableExtents final : public DurableExtents {
 public:
  explicit MappedDurableExtents(Table* table) : table_(table) {}
  ~MappedDurableExtents() override { munmap(table_, sizeof(Table)); }

  absl::StatusOr<DurableExtent*> Of(const std::string& path) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    const uint64_t inode = InodeOf(path);
    if (inode == 0) return absl::NotFoundError(absl::StrCat(path, ": no such file"));
    if (Slot* known = SlotOf(inode)) return &known->part;
    Slot* const free = SlotOf(0);
    if (free == nullptr) {
      return absl::ResourceExhaustedError(
          absl::StrCat(path, ": a node has at most ", kSlots, " files"));
    }
    new (&free->part) DurableExtent();
    free->inode = inode;
    return &free->part;
  }

  DurableExtent* Find(const std::string& path) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    const uint64_t inode = InodeOf(path);
    Slot* const known = inode == 0 ? nullptr : SlotOf(inode);
    return known == nullptr ? nullptr : &known->part;
  }

  void Renamed(const std::string&, const std::string&) override {}

  void Removed(const std::string& path) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    const uint64_t inode = InodeOf(path);
    if (Slot* known = inode == 0 ? nullptr : SlotOf(inode)) known->inode = 0;
  }

 private:
  Slot* SlotOf(uint64_t inode) {
    const auto slot = std::find_if(table_->begin(), table_->end(),
                                   [&](const Slot& one) { return one.inode == inode; });
    return slot == table_->end() ? nullptr : &*slot;
  }

  std::mutex mutex_;
  Table* const table_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<DurableExtents>> OpenMappedDurableExtents(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat(path, ": open"));
  // posix_fallocate, not ftruncate: a full disk is an error here, not SIGBUS at a store.
  const int error = posix_fallocate(fd, 0, sizeof(Table));
  void* map = error != 0 ? MAP_FAILED
                         : mmap(nullptr, sizeof(Table), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  const int why = error != 0 ? error : errno;
  close(fd);
  if (map == MAP_FAILED) return absl::ErrnoToStatus(why, absl::StrCat(path, ": map"));
  return std::make_unique<MappedDurableExtents>(static_cast<Table*>(map));
}

}  // namespace replsim
