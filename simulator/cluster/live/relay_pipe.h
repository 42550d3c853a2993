// One direction of one relayed connection: reads from a socket, holds the bytes back as long as its
// link says, and writes them to the other socket in the order in which they came.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "asio/ip/tcp.hpp"
#include "asio/steady_timer.hpp"
#include "common/base/rng.h"
#include "common/base/time.h"
#include "simulator/cluster/managed/link_timing.h"

namespace replsim {

// One directed link, as every connection over it sees it.
struct RelayLink {
  explicit RelayLink(const Rng& rng) : timing(rng) {}
  LinkTiming timing;
  bool cut = false;
};

class RelayPipe {
 public:
  // Bytes on their way, at most; past it the pipe stops reading and the sender's TCP fills up.
  static constexpr size_t kMaxQueuedBytes = size_t{4} << 20;

  // How long what is read may wait for the bytes before it to leave a link with a bandwidth. Past
  // it the pipe stops reading as well: a real link's buffer is no larger, and drops instead.
  static constexpr Nanos kMaxBacklog = Millis(100);

  // kEof, kReset: what ended the source has come through to the destination. kFailed: the
  // destination takes no more; what was under way is lost.
  enum class End { kNone, kEof, kReset, kFailed };
  // Called once at most, unless closed. Must not destroy the pipe.
  using OnEnd = absl::AnyInvocable<void(End)>;

  // Sockets and link are the connection's and outlive the pipe.
  RelayPipe(asio::ip::tcp::socket* source, asio::ip::tcp::socket* destination, RelayLink* link,
            OnEnd on_end);

  // `owner` keeps the pipe alive while an operation is in flight.
  void Start(std::weak_ptr<void> owner);
  // The link has been healed.
  void OnHealed();
  // The source has failed in the other direction: the destination learns it over this link.
  void Fail();
  // Nothing more is read, written, or called.
  void Close();

 private:
  struct Chunk {
    Instant due;  // kNever: came while the link was cut
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
  asio::steady_timer timer_;
  asio::steady_timer read_timer_;
  std::weak_ptr<void> owner_;

  std::array<char, 64 * 1024> scratch_;
  std::deque<Chunk> queue_;
  size_t front_written_ = 0;  // of the first chunk
  size_t queued_bytes_ = 0;
  Instant last_due_{};
  bool reading_ = false;
  bool waiting_writable_ = false;
  bool waiting_due_ = false;
  bool source_ended_ = false;
  bool closed_ = false;
};

}  // namespace replsim
