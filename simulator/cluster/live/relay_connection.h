// One connection through a relay: the accepted socket, the one dialled for it, and a pipe each way.
#pragma once

#include <memory>

#include "absl/functional/any_invocable.h"
#include "asio/ip/tcp.hpp"
#include "asio/steady_timer.hpp"
#include "simulator/cluster/live/relay_pipe.h"

namespace replsim {

class RelayConnection : public std::enable_shared_from_this<RelayConnection> {
 public:
  using OnClosed = absl::AnyInvocable<void(RelayConnection*)>;

  // The links are the relay's, which resets the connection before they go.
  RelayConnection(asio::ip::tcp::socket client, RelayLink* to_server, RelayLink* to_client,
                  OnClosed on_closed);

  // Dials after one round trip of the links, which is what a handshake takes, and once neither is
  // cut.
  void Open(const asio::ip::tcp::endpoint& target);
  void OnHealed();
  // Both sides see a connection reset, now.
  void Reset();

 private:
  void DialIfPossible();
  void OnConnected(const asio::error_code& error);
  void OnPipeEnd(RelayPipe* other, asio::ip::tcp::socket* destination, RelayPipe::End end);
  void Close();

  asio::ip::tcp::socket client_;
  asio::ip::tcp::socket server_;
  RelayLink* link_to_server_;
  RelayLink* link_to_client_;
  RelayPipe to_server_;
  RelayPipe to_client_;
  OnClosed on_closed_;
  asio::steady_timer handshake_;
  asio::ip::tcp::endpoint target_;
  bool dial_is_due_ = false;
  bool connected_ = false;
  bool closed_ = false;
  int streams_ended_ = 0;
};

}  // namespace replsim
