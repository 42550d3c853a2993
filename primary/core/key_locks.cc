#include "primary/core/key_locks.h"

#include "common/base/check.h"

namespace replsim {

bool KeyLocks::IsHeld(absl::string_view key) const {
  const auto it = locks_.find(key);
  return it != locks_.end() && it->second.held;
}

void KeyLocks::Hold(absl::string_view key, Lsn lsn) {
  Lock& lock = locks_[std::string(key)];
  REPL_CHECK(!lock.held, "two writes hold ", key);
  REPL_CHECK(holders_.empty() || holders_.back().first <= lsn, "locks are not in the log's order");
  lock.held = true;
  holders_.emplace_back(lsn, key);
}

void KeyLocks::Wait(absl::string_view key, WriteRequest write) {
  ++waiting_;
  waiting_bytes_ += write.command.size();
  locks_.find(key)->second.waiting.push_back(std::move(write));
}

std::optional<WriteRequest> KeyLocks::NextFree(Lsn visible) {
  for (; !holders_.empty() && holders_.front().first <= visible; holders_.pop_front()) {
    const auto it = locks_.find(holders_.front().second);
    it->second.held = false;
    if (it->second.waiting.empty()) {
      locks_.erase(it);
    } else {
      free_.push_back(it->first);
    }
  }
  while (!free_.empty()) {
    const auto it = locks_.find(free_.front());
    Lock& lock = it->second;
    if (lock.held || lock.waiting.empty()) {
      // Held: by the write returned last. The key is put into free_ again when it is visible.
      if (!lock.held) locks_.erase(it);
      free_.pop_front();
      continue;
    }
    WriteRequest write = std::move(lock.waiting.front());
    lock.waiting.pop_front();
    --waiting_;
    waiting_bytes_ -= write.command.size();
    return write;
  }
  return std::nullopt;
}

std::vector<WriteRequest> KeyLocks::Drop() {
  std::vector<WriteRequest> dropped;
  for (auto& [key, lock] : locks_) {
    for (WriteRequest& write : lock.waiting) dropped.push_back(std::move(write));
  }
  *this = KeyLocks();
  return dropped;
}

}  // namespace replsim
