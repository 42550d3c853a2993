// The gRPC settings of all channels and servers, in one place.
#pragma once

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/server_builder.h"

namespace replsim {

// A channel to `address` (host:port) with a TCP connection of its own, not shared with other
// channels to the address. Its calls carry `token` (access_token.h), unless that is empty. It
// reconnects quickly. It never retries a call, because a hidden retry would hide an unknown outcome
// from the history.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, const std::string& token);

// Sets message sizes, accepts the keepalive of the channels above, and disables SO_REUSEPORT, so
// that two nodes on one port are an error.
void ConfigureServer(grpc::ServerBuilder& builder);

}  // namespace replsim
