#include "simulator/cluster/live/relay_pipe.h"

#include <algorithm>
#include <utility>

namespace replsim {

RelayPipe::RelayPipe(asio::ip::tcp::socket* source, asio::ip::tcp::socket* destination,
                     RelayLink* link, OnEnd on_end)
    : source_(source),
      destination_(destination),
      link_(link),
      on_end_(std::move(on_end)),
      timer_(source->get_executor()),
      read_timer_(source->get_executor()) {}

void RelayPipe::Start(std::weak_ptr<void> owner) {
  owner_ = std::move(owner);
  Read();
}

void RelayPipe::Close() {
  closed_ = true;
  timer_.cancel();
  read_timer_.cancel();
}

void RelayPipe::OnHealed() {
  // Bytes that arrived during the partition set out now.
  for (Chunk& chunk : queue_) {
    if (chunk.due == kNever) chunk.due = NextDue(chunk.bytes.size());
  }
  Pump();
  Read();
}

void RelayPipe::Fail() { EnqueueEnd(End::kReset); }

void RelayPipe::Read() {
  if (closed_ || reading_ || source_ended_ || queued_bytes_ >= kMaxQueuedBytes) return;
  const Instant readable_at = link_->timing.free_at() - kMaxBacklog;
  if (readable_at > MonotonicNow()) return ReadAt(readable_at);
  reading_ = true;
  const asio::mutable_buffer room = asio::buffer(scratch_, link_->timing.ChunkBytes());
  source_->async_read_some(
      room, [this, owner = owner_.lock()](const asio::error_code& error, size_t size) {
        reading_ = false;
        if (!closed_ && !source_ended_) OnRead(error, size);
      });
}

void RelayPipe::ReadAt(Instant when) {
  reading_ = true;
  read_timer_.expires_at(std::chrono::steady_clock::time_point(when.time_since_epoch()));
  read_timer_.async_wait([this, owner = owner_.lock()](const asio::error_code&) {
    reading_ = false;
    Read();
  });
}

void RelayPipe::OnRead(const asio::error_code& error, size_t size) {
  if (error) return EnqueueEnd(error == asio::error::eof ? End::kEof : End::kReset);
  if (tap_ != nullptr) tap_->OnSent({scratch_.data(), size}, MonotonicNow());
  const Instant due = NextDue(size);
  size_t written = 0;
  // If the link holds nothing back, bytes pass without being copied or queued.
  const bool pass = queue_.empty() && !link_->cut && link_->timing.IsImmediate();
  if (pass) written = TryWrite(scratch_.data(), size);
  if (closed_) return;
  if (written < size) Enqueue(due, scratch_.data() + written, size - written);
  Pump();
  Read();
}

// Returns the due time, never before that of earlier bytes: TCP keeps the order, however late one
// packet is.
Instant RelayPipe::NextDue(size_t bytes) {
  if (link_->cut) return kNever;
  last_due_ = std::max(last_due_, link_->timing.Arrival(MonotonicNow(), bytes));
  return last_due_;
}

// Returns how many bytes the kernel took. 0 also if the destination has failed, which closes the
// pipe.
size_t RelayPipe::TryWrite(const char* data, size_t size) {
  asio::error_code error;
  const size_t written = destination_->write_some(asio::buffer(data, size), error);
  if (error && error != asio::error::would_block && error != asio::error::try_again) {
    Close();
    on_end_(End::kFailed);
    return 0;
  }
  if (tap_ != nullptr && written > 0) tap_->OnArrived({data, written}, MonotonicNow());
  return written;
}

void RelayPipe::Enqueue(Instant due, const char* data, size_t size) {
  queued_bytes_ += size;
  if (!queue_.empty() && queue_.back().due == due &&
      queue_.back().bytes.size() + size <= scratch_.size()) {
    queue_.back().bytes.append(data, size);
  } else {
    queue_.push_back({due, std::string(data, size), End::kNone});
  }
}

void RelayPipe::EnqueueEnd(End end) {
  if (closed_ || source_ended_) return;
  source_ended_ = true;
  queue_.push_back({NextDue(0), "", end});
  Pump();
}

// Sends what is due, as far as the link and the destination allow.
void RelayPipe::Pump() {
  while (!closed_ && !queue_.empty() && !link_->cut && !waiting_writable_ && !waiting_due_) {
    Chunk& front = queue_.front();
    if (front.due > MonotonicNow()) return WaitUntil(front.due);
    if (front.end != End::kNone) {
      const End end = front.end;
      queue_.pop_front();
      Close();
      return on_end_(end);
    }
    const size_t left = front.bytes.size() - front_written_;
    const size_t written = TryWrite(front.bytes.data() + front_written_, left);
    if (closed_) return;
    queued_bytes_ -= written;
    front_written_ += written;
    if (written < left) return WaitWritable();
    queue_.pop_front();
    front_written_ = 0;
  }
}

void RelayPipe::WaitWritable() {
  waiting_writable_ = true;
  destination_->async_wait(asio::socket_base::wait_write,
                           [this, owner = owner_.lock()](const asio::error_code&) {
                             waiting_writable_ = false;
                             Pump();
                             Read();
                           });
}

void RelayPipe::WaitUntil(Instant due) {
  waiting_due_ = true;
  timer_.expires_at(std::chrono::steady_clock::time_point(due.time_since_epoch()));
  timer_.async_wait([this, owner = owner_.lock()](const asio::error_code&) {
    waiting_due_ = false;
    Pump();
    Read();
  });
}

}  // namespace replsim
