// One connection through a relay: the accepted socket, the socket dialled for it, and one pipe per
// direction. Runs on the io_context's thread.
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

  // The links belong to the relay, which resets the connection before it destroys them.
  RelayConnection(asio::ip::tcp::socket client, RelayLink* to_server, RelayLink* to_client,
                  OnClosed on_closed);

  // Observes both directions; either may be null. Call it before Open.
  void SetTaps(std::unique_ptr<PipeTap> to_server, std::unique_ptr<PipeTap> to_client);
  // Dials after one round trip of the links (the TCP handshake), and not before both links are
  // uncut.
  void Open(const asio::ip::tcp::endpoint& target);
  void OnHealed();
  // Both sides see a connection reset at once.
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
