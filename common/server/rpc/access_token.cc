#include "common/server/rpc/access_token.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "grpcpp/security/auth_metadata_processor.h"

namespace replsim {
namespace {

constexpr char kMetadataKey[] = "replsim-token";
constexpr size_t kTokenBytesMax = 256;
constexpr char kHealthService[] = "/grpc.health.v1.Health/";

absl::string_view View(const grpc_slice& slice) {
  return {reinterpret_cast<const char*>(GRPC_SLICE_START_PTR(slice)), GRPC_SLICE_LENGTH(slice)};
}

// gRPC calls this for every call when its metadata arrives. `state` is the required token.
void CheckCall(void* state, grpc_auth_context*, const grpc_metadata* metadata, size_t count,
               grpc_process_auth_metadata_done_cb done, void* user_data) {
  const auto& demanded = *static_cast<const std::string*>(state);
  bool is_open = false;
  bool has_token = false;
  bool is_right = false;
  for (size_t i = 0; i < count; ++i) {
    const absl::string_view key = View(metadata[i].key);
    const absl::string_view value = View(metadata[i].value);
    if (key == ":path") is_open = absl::StartsWith(value, kHealthService);
    if (key != kMetadataKey) continue;
    has_token = true;
    is_right = SameToken(demanded, value);
  }
  const auto answer = [&](grpc_status_code code, const char* details) {
    done(user_data, nullptr, 0, nullptr, 0, code, details);
  };
  if (is_right || is_open) return answer(GRPC_STATUS_OK, nullptr);
  answer(GRPC_STATUS_UNAUTHENTICATED,
         has_token ? "the access token in the metadata 'replsim-token' does not match; expected "
                     "the token in the node's configuration (nodes/ID/config in the run folder)"
                   : "the call has no access token; send the token from the node's configuration "
                     "(nodes/ID/config in the run folder) in the metadata 'replsim-token'");
}

// Server credentials for an unencrypted port with a metadata processor. gRPC's C++ class for such
// ports does not support one, so this class calls the C library, which does. An interceptor is no
// alternative: it cannot end a call, and it runs for every message of a stream.
class TokenCredentials final : public grpc::ServerCredentials {
 public:
  explicit TokenCredentials(std::string token) : token_(std::move(token)) {}

  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {
    REPL_CHECK(false, "these credentials have a metadata processor of their own");
  }

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    grpc_server_credentials* credentials = grpc_insecure_server_credentials_create();
    const auto destroy = [](void* state) { delete static_cast<std::string*>(state); };
    grpc_server_credentials_set_auth_metadata_processor(
        credentials, {CheckCall, destroy, new std::string(token_)});
    const int port = grpc_server_add_http2_port(server, address.c_str(), credentials);
    grpc_server_credentials_release(credentials);
    return port;
  }

  const std::string token_;
};

class TokenSender final : public grpc::experimental::Interceptor {
 public:
  explicit TokenSender(const std::string& token) : token_(token) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    using grpc::experimental::InterceptionHookPoints;
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      methods->GetSendInitialMetadata()->emplace(kMetadataKey, token_);
    }
    methods->Proceed();
  }

 private:
  const std::string token_;
};

class TokenSenderFactory final : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit TokenSenderFactory(std::string token) : token_(std::move(token)) {}

  grpc::experimental::Interceptor* CreateClientInterceptor(
      grpc::experimental::ClientRpcInfo*) override {
    return new TokenSender(token_);  // gRPC deletes it
  }

 private:
  const std::string token_;
};

}  // namespace

std::string NewAccessToken() {
  std::array<char, 16> random{};
  const ssize_t bytes = getrandom(random.data(), random.size(), 0);
  REPL_CHECK(bytes == static_cast<ssize_t>(random.size()), "the kernel gave ", bytes,
             " random bytes");
  return absl::BytesToHexString(absl::string_view(random.data(), random.size()));
}

absl::Status CheckAccessToken(absl::string_view token) {
  const bool fits =
      token.size() <= kTokenBytesMax && std::all_of(token.begin(), token.end(), [](char c) {
        return absl::ascii_isgraph(static_cast<unsigned char>(c));
      });
  if (fits) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "token: expected at most ", kTokenBytesMax,
      " printable ASCII characters without spaces, for example 32 hexadecimal digits"));
}

bool SameToken(absl::string_view demanded, absl::string_view sent) {
  if (demanded.size() != sent.size()) return false;
  uint8_t difference = 0;
  for (size_t i = 0; i < demanded.size(); ++i) {
    difference = static_cast<uint8_t>(difference | (demanded[i] ^ sent[i]));
  }
  return difference == 0;
}

std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> SendToken(
    std::string token) {
  return std::make_unique<TokenSenderFactory>(std::move(token));
}

std::shared_ptr<grpc::ServerCredentials> RequireToken(std::string token) {
  return std::make_shared<TokenCredentials>(std::move(token));
}

}  // namespace replsim
