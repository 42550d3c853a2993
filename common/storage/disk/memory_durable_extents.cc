#include <utility>

#include "common/storage/disk/durable_extents.h"

namespace replsim {

absl::StatusOr<DurableExtent*> MemoryDurableExtents::Of(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::unique_ptr<DurableExtent>& part = parts_[path];
  if (part == nullptr) part = std::make_unique<DurableExtent>();
  return part.get();
}

DurableExtent* MemoryDurableExtents::Find(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = parts_.find(path);
  return found == parts_.end() ? nullptr : found->second.get();
}

void MemoryDurableExtents::Renamed(const std::string& from, const std::string& to) {
  Removed(to);
  const std::lock_guard<std::mutex> lock(mutex_);
  auto node = parts_.extract(from);
  if (node.empty()) return;
  node.key() = to;
  parts_.insert(std::move(node));
}

void MemoryDurableExtents::Removed(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto node = parts_.extract(path);
  if (!node.empty()) gone_.push_back(std::move(node.mapped()));
}

}  // namespace replsim
