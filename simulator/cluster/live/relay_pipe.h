// One direction of a relayed connection: reads from a socket, holds the bytes back as the link
// demands, and writes them to the other socket in the same order. Runs on the io_context's thread.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/strings/string_view.h"
#include "asio/ip/tcp.hpp"
#include "asio/steady_timer.hpp"
#include "common/base/rng.h"
#include "common/base/time.h"
#include "simulator/cluster/managed/link_timing.h"

namespace replsim {

// One directed link; all its connections share it.
struct RelayLink {
  explicit RelayLink(const Rng& rng) : timing(rng) {}
  LinkTiming timing;
  bool cut = false;
};

// Sees the bytes of one direction of a connection, in order: once when the relay has read them from
// the sender, and once when they have been written to the receiver.
class PipeTap {
 public:
  virtual ~PipeTap() = default;
  virtual void OnSent(absl::string_view bytes, Instant when) = 0;
  virtual void OnArrived(absl::string_view bytes, Instant when) = 0;
};

class RelayPipe {
 public:
  // Limit of the bytes held back. When it is reached the pipe stops reading, so the sender's TCP
  // buffer fills.
  static constexpr size_t kMaxQueuedBytes = size_t{4} << 20;

  // Limit of the queueing delay on a link with a bandwidth. When it is reached the pipe stops
  // reading. A real link has a buffer of about this size, and drops packets beyond it.
  static constexpr Nanos kMaxBacklog = Millis(100);

  // kEof, kReset: the end of the source has been passed on to the destination. kFailed: the
  // destination accepts no more bytes; those in flight are lost.
  enum class End { kNone, kEof, kReset, kFailed };
  // Called at most once, and not after Close. Must not destroy the pipe.
  using OnEnd = absl::AnyInvocable<void(End)>;

  // Sockets and link belong to the connection and outlive the pipe.
  RelayPipe(asio::ip::tcp::socket* source, asio::ip::tcp::socket* destination, RelayLink* link,
            OnEnd on_end);

  // Observes the bytes from now on. Call it before Start.
  void SetTap(std::unique_ptr<PipeTap> tap) { tap_ = std::move(tap); }
  // `owner` keeps the pipe alive while an operation is in flight.
  void Start(std::weak_ptr<void> owner);
  // The link has been healed.
  void OnHealed();
  // The source failed in the opposite direction: passes a reset to the destination over this link.
  void Fail();
  // Stops reading and writing; no callback runs afterwards.
  void Close();

 private:
  struct Chunk {
    Instant due;  // kNever: arrived while the link was cut
    std::string bytes;
    End end = End::kNone;
  };

  void Pump();
  void Read();
  void ReadAt(Instant when);
  void OnRead(const asio::error_code& error, size_t size);
  Instant NextDue(size_t bytes);
  size_t TryWrite(const char* data, size_t size);
  void Enqueue(Instant due, const char* data, size_t size);
  void EnqueueEnd(End end);
  void WaitWritable();
  void WaitUntil(Instant due);

  asio::ip::tcp::socket* source_;
  asio::ip::tcp::socket* destination_;
  RelayLink* link_;
  OnEnd on_end_;
  std::unique_ptr<PipeTap> tap_;  // null: no observer
  asio::steady_timer timer_;
  asio::steady_timer read_timer_;
  std::weak_ptr<void> owner_;

  std::array<char, 64 * 1024> scratch_;
  std::deque<Chunk> queue_;
  size_t front_written_ = 0;  // bytes of the first chunk already written
  size_t queued_bytes_ = 0;
  Instant last_due_{};
  bool reading_ = false;
  bool waiting_writable_ = false;
  bool waiting_due_ = false;
  bool source_ended_ = false;
  bool closed_ = false;
};

}  // namespace replsim
