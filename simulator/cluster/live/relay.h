// A TCP relay in this process that stands for the network between a dialler and a listener. It adds
// delay, jitter, bandwidth limits, one-way partitions and resets without root, and leaves nothing
// behind in the kernel.
//
// Each direction is a separate directed link:
//   delay, jitter  every byte arrives `delay` later, plus up to `jitter`, both drawn for each chunk
//                  read; order is kept. A new connection also pays one round trip.
//   bandwidth      bytes of all connections leave one after the other and are delayed from there;
//                  a faster sender is not read from.
//   cut            bytes stall, as during TCP retransmission: up to 4 MiB per connection are held,
//                  then the sender is not read from. All of them set out when the link heals, as
//                  do ends of streams and resets. New connections are accepted and stall.
//   reset          every connection is reset on both sides; new ones are relayed.
//
// Threads: the io_context's thread only. Destroy it before the io_context.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

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

  // Returns the observer of one direction of a new connection, or null.
  using MakeTap = std::function<std::unique_ptr<PipeTap>(Direction)>;

  Relay(asio::io_context* io, const Rng& rng);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Listens on 127.0.0.1, at a port that the kernel chooses.
  absl::Status Listen();
  uint16_t port() const { return port_; }
  std::string address() const;  // "127.0.0.1:43211"

  // Sets where connections accepted from now on go ("127.0.0.1:43211"). Open connections keep their
  // target. Without a target new connections are reset.
  absl::Status SetTarget(absl::string_view address);

  // Applies to bytes read from now on; bytes in flight keep their arrival time.
  void SetLink(Direction direction, const LinkSpec& spec);
  void SetCut(Direction direction, bool cut);
  void Reset();
  // Observes the connections that are accepted from now on.
  void SetTap(MakeTap make_tap) { make_tap_ = std::move(make_tap); }

  size_t connections() const { return connections_.size(); }

 private:
  RelayLink& link(Direction direction) {
    return direction == Direction::kToServer ? to_server_ : to_client_;
  }
  void Accept();
  void OnAccepted(const asio::error_code& error, asio::ip::tcp::socket socket);

  RelayLink to_server_;
  RelayLink to_client_;
  MakeTap make_tap_;
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer accept_retry_;
  uint16_t port_ = 0;
  asio::ip::tcp::endpoint target_;  // port 0 means no target
  std::map<RelayConnection*, std::shared_ptr<RelayConnection>> connections_;
  // Handlers of the acceptor check it before they touch the relay.
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
