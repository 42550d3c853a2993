#include "simulator/cluster/foreign/ports.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "asio/io_context.hpp"
#include "asio/ip/tcp.hpp"

namespace replsim {
namespace {

using asio::ip::tcp;

constexpr uint64_t kLowest = 10'000;
constexpr uint64_t kFewest = 1'000;  // ports to choose from
constexpr int kTriesPerPort = 200;

// The first port that the kernel gives to an outgoing connection.
uint64_t FirstEphemeral() {
  std::ifstream range("/proc/sys/net/ipv4/ip_local_port_range");
  uint64_t first = 0;
  constexpr uint64_t kDefault = 32'768;
  return range >> first ? first : kDefault;
}

bool IsFree(uint16_t port) {
  asio::io_context io;
  asio::error_code error;
  tcp::acceptor acceptor(io);
  acceptor.open(tcp::v4(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind({asio::ip::address_v4::loopback(), port}, error);
  return !error;
}

}  // namespace

absl::StatusOr<std::vector<uint16_t>> FreePorts(size_t count, Rng rng) {
  const uint64_t end = std::max(FirstEphemeral(), kLowest + kFewest);
  std::vector<uint16_t> ports;
  for (size_t tries = 0; ports.size() < count && tries < count * kTriesPerPort; ++tries) {
    const auto port = static_cast<uint16_t>(kLowest + rng.Below(end - kLowest));
    const bool taken = std::find(ports.begin(), ports.end(), port) != ports.end();
    if (!taken && IsFree(port)) ports.push_back(port);
  }
  if (ports.size() == count) return ports;
  return absl::UnavailableError(absl::StrCat("found ", ports.size(), " of ", count,
                                             " free ports on 127.0.0.1 between ", kLowest, " and ",
                                             end));
}

}  // namespace replsim
