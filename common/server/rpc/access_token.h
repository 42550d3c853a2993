// The access token of a run. Every user of this machine can connect to loopback, so a node requires
// a secret with each call that only the owner of the run can read. The secret is NodeConfig.token,
// in a file that only the owner may read. Connections are not encrypted. All functions are
// thread-safe.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/support/client_interceptor.h"

namespace replsim {

// 128 random bits from the kernel, as 32 hexadecimal digits. The seed of the run is not used,
// because it is public.
std::string NewAccessToken();

// InvalidArgument for a token that cannot be the value of a header.
absl::Status CheckAccessToken(absl::string_view token);

// Whether the two are equal. The duration does not depend on where they differ.
bool SameToken(absl::string_view demanded, absl::string_view sent);

// For a client's channel: adds `token` to the metadata of every call.
std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> SendToken(std::string token);

// For a server's port: a call without `token` ends as UNAUTHENTICATED before its service sees it.
// The health service requires no token, so that any program can wait until the node serves.
std::shared_ptr<grpc::ServerCredentials> RequireToken(std::string token);

}  // namespace replsim
