// The clients' connections to one node. A connection carries one request at a time, so the pool has
// one for each request in flight; a request takes any connection that is idle.
//
// Everything runs on the io thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "asio/io_context.hpp"
#include "asio/steady_timer.hpp"
#include "simulator/cluster/foreign/system.h"

namespace replsim {

// A request of a client.
struct ForeignRequest {
  bool is_write = false;
  std::string key;
  std::string value;  // of a write
  Instant deadline;
  OperationDone done;
};

class ClientPool {
 public:
  // `idle` is called when a connection becomes idle, not inside a call of the pool.
  ClientPool(NodeId node, ForeignSystem* system, asio::io_context* io, std::function<void()> idle);
  ~ClientPool();

  // The node listens at `port`. Opens connections, `count` in all, and replaces those that end.
  void Connect(uint16_t port, size_t count);
  // The node is down: opens no more connections. Those that exist end by themselves.
  void NodeIsDown() { up_ = false; }
  bool up() const { return up_; }
  bool has_idle() const { return !idle_.empty(); }
  size_t open() const { return open_; }
  size_t wanted() const { return wanted_; }

  // Only if has_idle(). The request ends by its deadline: UNKNOWN or REJECTED, DEADLINE.
  void Send(ForeignRequest request);
  // Adds a connection, up to `most`.
  void Grow(size_t most);
  // Ends the requests whose deadline has passed.
  void Sweep(Instant now);

 private:
  struct Slot {
    std::unique_ptr<ForeignConnection> connection;
    bool open = false;
    uint64_t life = 0;   // of the connection
    OperationDone done;  // of the request under way; null: idle
    bool is_write = false;
    Instant deadline;
  };
  void OpenSlot(size_t index);
  void OpenLater(size_t index);
  void Close(size_t index);
  void Ended(size_t index, uint64_t life, OperationResult result);

  const NodeId node_;
  ForeignSystem* const system_;
  asio::io_context* const io_;
  const std::function<void()> on_idle_;
  bool up_ = false;
  uint16_t port_ = 0;
  size_t wanted_ = 0;
  size_t open_ = 0;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<size_t> idle_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace replsim
