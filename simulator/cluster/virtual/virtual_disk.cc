#include "simulator/cluster/virtual/virtual_disk.h"

#include <algorithm>
#include <utility>

namespace replsim {

void VirtualDisk::AppendAndFlush(BatchPtr batch) { Add(std::move(batch)); }

void VirtualDisk::Flush() {
  // A second flush before the first has begun is redundant. A blocking loop flushes at once, so it
  // cannot merge two.
  if (blocking() || queue_.empty() || queue_.back().batch != nullptr) return Add(nullptr);
  Next();
}

void VirtualDisk::Add(BatchPtr batch) {
  Item item;
  item.batch = std::move(batch);
  if (blocking()) {
    item.flush = FlushTime(*owner_.busy_until);
    item.end = *owner_.busy_until += item.flush;
  }
  queue_.push_back(std::move(item));
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
    if (queue_.front().batch != nullptr) {
      if (queue_.front().batch->first != log_.last() + 1) {
        GiveBackFront();
        continue;
      }
      if (!WriteFront()) continue;
    }
    const Item item = std::move(queue_.front());
    queue_.pop_front();
    BeginFlush(item);
  }
}

void VirtualDisk::GiveBackFront() {
  owner_.host->Post(LogFull{std::move(queue_.front().batch)});
  queue_.pop_front();
}

// Writes the front batch. A batch that is flushed alone is written right before its own flush.
// Returns false if it stopped at a failpoint, failed, or was given back.
bool VirtualDisk::WriteFront() {
  const BatchPtr batch = queue_.front().batch;
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
    queue_.front().batch = (*stop)->rest;  // null: only the flush is left
    if ((*stop)->rest == nullptr) owner_.host->Post(LogWritten{batch->last});
    StopAt((*stop)->match);
    return false;
  }
  owner_.host->Post(LogWritten{batch->last});
  return true;
}

void VirtualDisk::BeginFlush(const Item& item) {
  flushing_to_ = log_.last();
  if (flushing_to_ <= flushed_) return;
  if (const auto match = owner_.node->PassFlush(/*after=*/false, flushed_ + 1, flushing_to_)) {
    queue_.push_front({nullptr, item.flush, item.end});
    return StopAt(*match);
  }
  const absl::StatusOr<Log::Flushing> flushing = log_.BeginFlush();
  if (!flushing.ok()) return Fail(flushing.status());
  device_bytes_ = flushing->device_bytes;
  owner_.node->trace().FlushBegins();
  busy_ = true;
  const Instant end = FlushEnd(item);
  scheduler_->At(end, [this, operation = ++operation_, alive = std::weak_ptr(alive_)] {
    if (alive.lock()) EndFlush(operation);
  });
}

Nanos VirtualDisk::FlushTime(Instant begin) {
  const DelaySampler& flush = owner_.node->leads() ? timing_.flush : timing_.replica_flush;
  return flush.Draw(rng_) + faults_.ExtraFlushTime(begin);
}

Instant VirtualDisk::FlushEnd(const Item& item) {
  const Instant now = scheduler_->Now();
  if (!blocking()) return now + FlushTime(now);
  // Later than planned if the node was stopped at a failpoint before the flush.
  const Instant end = std::max(item.end, now + item.flush);
  *owner_.busy_until = std::max(*owner_.busy_until, end);
  return end;
}

void VirtualDisk::EndFlush(uint64_t operation) {
  if (operation != operation_ || !busy_) return;  // drained in the meantime
  busy_ = false;
  if (blocking()) awake_at_ = scheduler_->Now();
  if (const absl::Status status = log_.Flush(); !status.ok()) return Fail(status);
  const Lsn first = flushed_ + 1;
  flushed_ = flushing_to_;
  owner_.node->trace().FlushEnded(flushed_, device_bytes_);
  const auto match = owner_.node->PassFlush(/*after=*/true, first, flushed_);
  owner_.host->Post(LogFlushed{flushed_});
  if (match) return StopAt(*match);
  Next();
}

void VirtualDisk::StopAt(const Failpoints::Match& match) {
  stopped_ = true;
  owner_.node->trace().AddFailpoint(match.lsn);
  owner_.host->Fire(match.pause);
}

void VirtualDisk::Fail(const absl::Status& why) {
  failed_ = true;
  queue_.clear();
  owner_.host->Post(LogFailed{std::string(why.message())});
}

}  // namespace replsim
