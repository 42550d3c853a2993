// A TCP relay in this process, standing in for the network between two parties: whoever dials and
// whoever listens. Delay, jitter, one-way cuts, resets; no root, nothing left behind in the kernel.
//
// Each direction is a directed link of its own:
//   delay, jitter  every byte comes through `delay` later, plus up to `jitter`, both drawn for each
//                  chunk read; order is kept. A new connection also pays one round trip.
//   bandwidth      bytes leave one after the other, those of all connections together, and take the
//                  delay from there; a sender that is faster is not read from.
//   cut            bytes stall, as TCP's do while it retransmits: up to 4 MiB per connection are
//                  held, past which the sender is not read from, and all sets out at the heal.
//                  So do ends of streams and resets. New connections are accepted and stall.
//   reset          every connection is reset on both sides; new ones are relayed.
//
// Threads: only the io_context's. Destroy it before the io_context.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "asio/io_context.hpp"
#include "asio/ip/tcp.hpp"
#include "asio/steady_timer.hpp"
#include "common/base/rng.h"
#include "simulator/cluster/live/relay_connection.h"
#include "simulator/cluster/live/relay_pipe.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

class Relay {
 public:
  enum class Direction { kToServer, kToClient };

  Relay(asio::io_context* io, const Rng& rng);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // On 127.0.0.1, at a port that the kernel chooses.
  absl::Status Listen();
  uint16_t port() const { return port_; }
  std::string address() const;  // "127.0.0.1:43211"

  // Where connections accepted from now on go, "127.0.0.1:43211". Those that are open stay where
  // they are. Without a target they are reset.
  absl::Status SetTarget(absl::string_view address);

  // For bytes read from now on; what is under way keeps its time.
  void SetLink(Direction direction, const LinkSpec& spec);
  void SetCut(Direction direction, bool cut);
  void Reset();

  size_t connections() const { return connections_.size(); }

 private:
  RelayLink& link(Direction direction) {
    return direction == Direction::kToServer ? to_server_ : to_client_;
  }
  void Accept();
  void OnAccepted(const asio::error_code& error, asio::ip::tcp::socket socket);

  RelayLink to_server_;
  RelayLink to_client_;
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer accept_retry_;
  uint16_t port_ = 0;
  asio::ip::tcp::endpoint target_;  // port 0: none
  std::map<RelayConnection*, std::shared_ptr<RelayConnection>> connections_;
  // Handlers of the acceptor look whether it is still there before they touch the relay.
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
