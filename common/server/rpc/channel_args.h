// The gRPC settings of every channel and server, in one place, with the reason for each.
#pragma once

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/server_builder.h"

namespace replsim {

// A channel of its own TCP connection (never shared with another channel to the same address), to
// `address` (host:port), whose calls carry `token` (access_token.h); empty: none. Reconnects
// quickly, never retries a call by itself: one operation is one attempt, or the history would hide
// what was unknown.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, const std::string& token);

// Message sizes, keepalive that tolerates the clients above, and no SO_REUSEPORT: two nodes on one
// port must be an error and not a coin toss.
void ConfigureServer(grpc::ServerBuilder& builder);

}  // namespace replsim
