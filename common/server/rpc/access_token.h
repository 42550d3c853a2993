// The access token of a run. Every user of this machine can connect to loopback, so a node demands
// with each call a secret that only the owner of the run can read: NodeConfig.token, in a file and
// a folder that are the owner's alone. Connections are not encrypted.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/support/client_interceptor.h"

namespace replsim {

// 128 random bits of the kernel's, in 32 hexadecimal digits. Never from a run's seed: that is
// known.
std::string NewAccessToken();

// InvalidArgument for a token that cannot be the value of a header.
absl::Status CheckAccessToken(absl::string_view token);

// Whether the two are equal. The time it takes does not tell where they differ.
bool SameToken(absl::string_view demanded, absl::string_view sent);

// For the client's end of a channel: adds `token` to the metadata of every call.
std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> SendToken(std::string token);

// For the server's port: a call without `token` ends as UNAUTHENTICATED before its service sees it.
// The health service needs no token, so that any program can wait until the node serves.
std::shared_ptr<grpc::ServerCredentials> DemandToken(std::string token);

}  // namespace replsim
