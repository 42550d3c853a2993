#include "simulator/cluster/live/kv_client.h"

#include <chrono>
#include <cstdint>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/server/rpc/channel_args.h"
#include "protos/kv.grpc.pb.h"

namespace replsim {
namespace {

constexpr auto kAnswerTimeout = std::chrono::seconds(5);

void Limit(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + kAnswerTimeout);
}

std::string Place(const proto::Position& position) {
  return absl::StrCat(position.epoch(), ":", position.lsn());
}

// A number that no client of a load has, and that differs from call to call: each call is a client
// of its own, with one request.
uint64_t NewClient() {
  return (uint64_t{1} << 62) + static_cast<uint64_t>(absl::ToUnixMicros(absl::Now()));
}

}  // namespace

absl::StatusOr<std::string> KvClient::Put(const std::string& key, const std::string& value) const {
  proto::PutRequest request;
  request.set_client(NewClient());
  request.set_sequence(1);
  request.set_key(key);
  request.set_value(value);
  for (const auto& [name, address] : nodes_) {
    grpc::ClientContext context;
    Limit(context);
    proto::WriteResponse response;
    const grpc::Status status =
        proto::Kv::NewStub(MakeChannel(address, token_))->Put(&context, request, &response);
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE) continue;
    if (status.error_code() == grpc::StatusCode::INVALID_ARGUMENT) {
      return absl::InvalidArgumentError(status.error_message());
    }
    if (!status.ok()) {
      return absl::UnknownError(
          absl::StrCat("unknown: ", name, " did not answer (", status.error_message(),
                       "); the value may have been written, and may still be"));
    }
    if (response.reason() == proto::NOT_PRIMARY || response.reason() == proto::FENCED) continue;
    switch (response.outcome()) {
      case proto::COMMITTED:
        return absl::StrCat("committed at ", Place(response.position()), " by ", name,
                            response.unprotected() ? ", unprotected" : "");
      case proto::REJECTED:
        return absl::AbortedError(
            absl::StrCat("rejected by ", name, ": ", proto::Reason_Name(response.reason())));
      default:
        return absl::UnknownError(
            absl::StrCat("unknown: ", proto::Reason_Name(response.reason()),
                         "; the value may have been written, and may still be"));
    }
  }
  return absl::UnavailableError("no node leads");
}

absl::StatusOr<std::string> KvClient::Get(const std::string& key, const std::string& node) const {
  proto::GetRequest request;
  request.set_key(key);
  request.set_consistency(node.empty() ? proto::PRIMARY : proto::ANY);
  bool known = node.empty();
  for (const auto& [name, address] : nodes_) {
    if (!node.empty() && name != node) continue;
    known = true;
    grpc::ClientContext context;
    Limit(context);
    proto::GetResponse response;
    const grpc::Status status =
        proto::Kv::NewStub(MakeChannel(address, token_))->Get(&context, request, &response);
    if (!status.ok() || response.outcome() != proto::COMMITTED) continue;
    if (!response.found()) return absl::NotFoundError(absl::StrCat("there is no ", key));
    return response.value();
  }
  if (!known) return absl::InvalidArgumentError(absl::StrCat("there is no node ", node));
  return absl::UnavailableError(node.empty() ? "no node leads"
                                             : absl::StrCat(node, " does not answer"));
}

}  // namespace replsim
