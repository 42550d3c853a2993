#include "simulator/cluster/virtual/virtual_disk.h"

#include <utility>

namespace replsim {

void VirtualDisk::AppendAndFlush(BatchPtr batch) {
  queue_.push_back(std::move(batch));
  Next();
}

void VirtualDisk::Flush() {
  // One flush that has not begun is as good as two.
  if (queue_.empty() || queue_.back() != nullptr) queue_.push_back(nullptr);
  Next();
}

void VirtualDisk::Resume() {
  stopped_ = false;
  Next();
}

void VirtualDisk::Drain() {
  while (busy_ || (!queue_.empty() && !stopped_ && !failed_)) {
    if (busy_) {
      EndFlush(operation_);
    } else {
      Next();
    }
  }
}

void VirtualDisk::Next() {
  while (!busy_ && !stopped_ && !queue_.empty()) {
    if (failed_) return queue_.clear();
    if (queue_.front() != nullptr) {
      if (queue_.front()->first != log_.last() + 1) {
        GiveBackFront();
        continue;
      }
      if (!WriteFront()) continue;
    }
    queue_.pop_front();
    BeginFlush();
  }
}

void VirtualDisk::GiveBackFront() {
  owner_.host->Post(LogFull{std::move(queue_.front())});
  queue_.pop_front();
}

// A batch that is to be flushed alone is written right before its own flush. False: it stopped at a
// failpoint, failed, or was given back.
bool VirtualDisk::WriteFront() {
  const BatchPtr batch = queue_.front();
  absl::StatusOr<std::optional<Node::Stop>> stop = owner_.node->WriteUntilFailpoint(batch);
  if (absl::IsResourceExhausted(stop.status())) {
    GiveBackFront();
    return false;
  }
  if (!stop.ok()) {
    Fail(stop.status());
    return false;
  }
  if (*stop) {
    queue_.front() = (*stop)->rest;  // null: nothing is left to write, the flush is
    if (queue_.front() == nullptr) owner_.host->Post(LogWritten{batch->last});
    StopAt((*stop)->match);
    return false;
  }
  owner_.host->Post(LogWritten{batch->last});
  return true;
}

void VirtualDisk::BeginFlush() {
  flushing_to_ = log_.last();
  if (flushing_to_ <= flushed_) return;
  if (const auto match = owner_.node->PassFlush(/*after=*/false, flushed_ + 1, flushing_to_)) {
    queue_.push_front(nullptr);
    return StopAt(*match);
  }
  busy_ = true;
  log_.BeginFlush();
  const Instant now = scheduler_->Now();
  scheduler_->At(now + flush_.Draw(rng_) + faults_.ExtraFlushTime(now),
                 [this, operation = ++operation_, alive = std::weak_ptr(alive_)] {
                   if (alive.lock()) EndFlush(operation);
                 });
}

void VirtualDisk::EndFlush(uint64_t operation) {
  if (operation != operation_ || !busy_) return;  // drained meanwhile
  busy_ = false;
  if (const absl::Status status = log_.Flush(); !status.ok()) return Fail(status);
  const Lsn first = flushed_ + 1;
  flushed_ = flushing_to_;
  const auto match = owner_.node->PassFlush(/*after=*/true, first, flushed_);
  owner_.host->Post(LogFlushed{flushed_});
  if (match) return StopAt(*match);
  Next();
}

void VirtualDisk::StopAt(const Failpoints::Match& match) {
  stopped_ = true;
  owner_.node->RecordFailpoint(match.lsn);
  owner_.host->Fire(match.pause);
}

void VirtualDisk::Fail(const absl::Status& why) {
  failed_ = true;
  queue_.clear();
  owner_.host->Post(LogFailed{std::string(why.message())});
}

}  // namespace replsim
