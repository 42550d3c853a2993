// Reads the replication stream of Redis as it passes the relay: when each write left the primary,
// reached the replica, and was acknowledged to the primary. A byte of the stream is an offset, and
// a replica acknowledges offsets (REPLCONF ACK).
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "simulator/cluster/foreign/system.h"

namespace replsim {

// Parses what a primary sends to a replica: the replies of the handshake, a snapshot, and then
// commands. Pure.
class RedisStreamParser {
 public:
  struct Handler {
    std::function<void()> on_copy;  // the snapshot is complete
    // A write of the load. `end`: bytes of the stream up to its end, counted from the handshake.
    std::function<void(const WrittenValue& write, uint64_t end)> on_write;
    std::function<void(uint64_t offset)> on_full;  // FULLRESYNC: the offset of the stream's start
  };
  explicit RedisStreamParser(Handler handler) : handler_(std::move(handler)) {}

  void Add(absl::string_view bytes);
  // A stream that cannot be parsed is ignored from there on.
  bool is_broken() const { return state_ == State::kBroken; }

 private:
  enum class State { kHandshake, kSnapshotHead, kSnapshot, kSnapshotToMark, kCommands, kBroken };
  bool Step(absl::string_view* rest);
  bool TakeHandshake(absl::string_view* rest);
  bool TakeSnapshotHead(absl::string_view* rest);
  bool TakeSnapshot(absl::string_view* rest);
  bool TakeCommand(absl::string_view* rest);

  Handler handler_;
  State state_ = State::kHandshake;
  std::string pending_;
  uint64_t left_ = 0;      // bytes of the snapshot
  std::string mark_;       // the snapshot ends with it
  uint64_t streamed_ = 0;  // bytes of the stream
};

// The two directions of one connection share it.
struct RedisStreamState {
  // Offset before the first byte of the stream. Absent until the handshake has said it.
  std::optional<uint64_t> base;
  // Writes that left the primary: the end of each in the stream, oldest first.
  std::deque<std::pair<uint64_t, WrittenValue>> sent;
};

// What the primary `listener` sends to `dialler`.
std::unique_ptr<PipeTap> NewRedisStreamTap(const NodeId& dialler, const NodeId& listener,
                                           std::shared_ptr<RedisStreamState> state,
                                           ForeignSystem::StepSink sink);
// What `dialler` sends to its primary.
std::unique_ptr<PipeTap> NewRedisAckTap(const NodeId& dialler, const NodeId& listener,
                                        std::shared_ptr<RedisStreamState> state,
                                        ForeignSystem::StepSink sink);

}  // namespace replsim
