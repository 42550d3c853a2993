#include "simulator/cluster/live/relay_connection.h"

#include <utility>

namespace replsim {
namespace {

using asio::ip::tcp;

void Prepare(tcp::socket& socket) {
  asio::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
}

}  // namespace

RelayConnection::RelayConnection(tcp::socket client, RelayLink* to_server, RelayLink* to_client,
                                 OnClosed on_closed)
    : client_(std::move(client)),
      server_(client_.get_executor()),
      link_to_server_(to_server),
      link_to_client_(to_client),
      to_server_(&client_, &server_, to_server,
                 [this](RelayPipe::End end) { OnPipeEnd(&to_client_, &server_, end); }),
      to_client_(&server_, &client_, to_client,
                 [this](RelayPipe::End end) { OnPipeEnd(&to_server_, &client_, end); }),
      on_closed_(std::move(on_closed)),
      handshake_(client_.get_executor()) {}

void RelayConnection::SetTaps(std::unique_ptr<PipeTap> to_server,
                              std::unique_ptr<PipeTap> to_client) {
  to_server_.SetTap(std::move(to_server));
  to_client_.SetTap(std::move(to_client));
}

void RelayConnection::Open(const tcp::endpoint& target) {
  target_ = target;
  Prepare(client_);
  const Nanos round_trip =
      link_to_server_->timing.DrawDelay() + link_to_client_->timing.DrawDelay();
  if (round_trip == Nanos(0)) {
    dial_is_due_ = true;
    return DialIfPossible();
  }
  handshake_.expires_after(round_trip);
  handshake_.async_wait([self = shared_from_this()](const asio::error_code& error) {
    if (error || self->closed_) return;
    self->dial_is_due_ = true;
    self->DialIfPossible();
  });
}

void RelayConnection::DialIfPossible() {
  if (closed_ || !dial_is_due_ || link_to_server_->cut || link_to_client_->cut) return;
  dial_is_due_ = false;
  server_.async_connect(target_, [self = shared_from_this()](const asio::error_code& error) {
    if (!self->closed_) self->OnConnected(error);
  });
}

void RelayConnection::OnConnected(const asio::error_code& error) {
  if (error) return Reset();
  connected_ = true;
  Prepare(server_);
  to_server_.Start(weak_from_this());
  to_client_.Start(weak_from_this());
}

void RelayConnection::OnHealed() {
  if (!connected_) return DialIfPossible();
  // Delivering data may end the connection and drop the relay's reference to it.
  const auto self = shared_from_this();
  to_server_.OnHealed();
  to_client_.OnHealed();
}

// The pipe into `destination` has ended; `other` is the pipe in the opposite direction.
void RelayConnection::OnPipeEnd(RelayPipe* other, tcp::socket* destination, RelayPipe::End end) {
  if (end == RelayPipe::End::kReset) return Reset();
  if (++streams_ended_ == 2) return Close();
  if (end == RelayPipe::End::kFailed) {
    other->Fail();
  } else {
    asio::error_code ignored;
    destination->shutdown(tcp::socket::shutdown_send, ignored);
  }
}

void RelayConnection::Reset() {
  // A close with a linger time of 0 sends RST.
  asio::error_code ignored;
  client_.set_option(asio::socket_base::linger(true, 0), ignored);
  server_.set_option(asio::socket_base::linger(true, 0), ignored);
  Close();
}

void RelayConnection::Close() {
  if (closed_) return;
  closed_ = true;
  to_server_.Close();
  to_client_.Close();
  asio::error_code ignored;
  handshake_.cancel();
  client_.close(ignored);
  server_.close(ignored);
  // The callback drops the relay's reference to this object.
  const auto self = shared_from_this();
  on_closed_(this);
}

}  // namespace replsim
