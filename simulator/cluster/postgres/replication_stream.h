// Finds PostgreSQL's replication messages in the bytes of a connection: WAL data ('w') from the
// primary, status updates ('r') from the standby. Everything else is skipped. Pure.
//
// https://www.postgresql.org/docs/15/protocol-replication.html
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "absl/strings/string_view.h"

namespace replsim {

// One direction of a connection. Positions are in bytes of WAL; 0: unknown to the sender.
class ReplicationStream {
 public:
  struct WalData {
    uint64_t begin = 0;
    uint64_t end = 0;  // behind the last byte of the message
  };
  struct StandbyStatus {
    uint64_t write = 0;
    uint64_t flush = 0;
    uint64_t apply = 0;
  };
  struct Handlers {
    // Each is called when the last byte of the message has been taken.
    std::function<void(const WalData&)> on_wal;
    std::function<void(const StandbyStatus&)> on_status;
  };

  // `from_client`: the direction from the side that connected, which begins with a packet without a
  // type.
  ReplicationStream(bool from_client, Handlers handlers);

  // Takes the next bytes. Bytes that are not of this protocol end the observation: nothing is
  // reported any more (broken()).
  void Take(absl::string_view bytes);
  bool broken() const { return broken_; }

 private:
  // Type, length, kind of CopyData, and three positions.
  static constexpr size_t kHeadBytes = 1 + 4 + 1 + 24;
  static constexpr uint32_t kMessageMaxBytes = uint32_t{16} << 20;

  void HeadIsRead();
  void MessageEnds();
  uint64_t Number(size_t at, size_t bytes) const;

  const Handlers handlers_;
  bool typed_;  // the message has a type before its length
  bool broken_ = false;
  std::array<unsigned char, kHeadBytes> head_{};
  size_t have_ = 0;         // bytes of the head
  uint64_t left_ = 0;       // bytes of the message that follow the head
  bool sized_ = false;      // the length is known
  size_t head_wanted_ = 0;  // bytes of the head that this message has
};

}  // namespace replsim
