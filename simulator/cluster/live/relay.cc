#include "simulator/cluster/live/relay.h"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace replsim {

using asio::ip::tcp;

Relay::Relay(asio::io_context* io, const Rng& rng)
    : to_server_(rng.Fork("to-server")),
      to_client_(rng.Fork("to-client")),
      acceptor_(*io),
      accept_retry_(*io) {}

Relay::~Relay() { Reset(); }

absl::Status Relay::Listen() {
  asio::error_code error;
  acceptor_.open(tcp::v4(), error);
  if (!error) acceptor_.bind({asio::ip::address_v4::loopback(), 0}, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("relay: cannot listen on 127.0.0.1: ", error.message()));
  }
  port_ = acceptor_.local_endpoint().port();
  Accept();
  return absl::OkStatus();
}

std::string Relay::address() const { return absl::StrCat("127.0.0.1:", port_); }

absl::Status Relay::SetTarget(absl::string_view address) {
  const size_t colon = address.rfind(':');
  asio::error_code error;
  uint32_t port = 0;
  asio::ip::address ip;
  if (colon != absl::string_view::npos) {
    ip = asio::ip::make_address(std::string(address.substr(0, colon)), error);
  }
  if (colon == absl::string_view::npos || error ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port == 0 || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(
        "relay: the target must be an IP address and a port like 127.0.0.1:4321, not \"", address,
        "\""));
  }
  target_ = tcp::endpoint(ip, static_cast<uint16_t>(port));
  return absl::OkStatus();
}

void Relay::SetLink(Direction direction, const LinkSpec& spec) { link(direction).timing.Set(spec); }

void Relay::SetCut(Direction direction, bool cut) {
  link(direction).cut = cut;
  if (cut) return;
  std::vector<std::shared_ptr<RelayConnection>> open;
  for (const auto& [pointer, connection] : connections_) open.push_back(connection);
  for (const auto& connection : open) connection->OnHealed();
}

void Relay::Reset() {
  // Each connection removes itself from the map.
  while (!connections_.empty()) connections_.begin()->second->Reset();
}

void Relay::Accept() {
  acceptor_.async_accept(
      [this, alive = std::weak_ptr(alive_)](const asio::error_code& error, tcp::socket socket) {
        if (alive.lock()) OnAccepted(error, std::move(socket));
      });
}

void Relay::OnAccepted(const asio::error_code& error, tcp::socket socket) {
  if (error == asio::error::operation_aborted) return;
  if (error) {
    // Most likely no file descriptor is left; an immediate retry would spin.
    accept_retry_.expires_after(Millis(10));
    accept_retry_.async_wait([this, alive = std::weak_ptr(alive_)](const asio::error_code&) {
      if (alive.lock()) Accept();
    });
    return;
  }
  auto connection = std::make_shared<RelayConnection>(
      std::move(socket), &to_server_, &to_client_,
      [this](RelayConnection* closed) { connections_.erase(closed); });
  connections_.emplace(connection.get(), connection);
  if (make_tap_) {
    std::unique_ptr<PipeTap> to_server = make_tap_(Direction::kToServer);
    connection->SetTaps(std::move(to_server), make_tap_(Direction::kToClient));
  }
  if (target_.port() == 0) {
    connection->Reset();
  } else {
    connection->Open(target_);
  }
  Accept();
}

}  // namespace replsim
