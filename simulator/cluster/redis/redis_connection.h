// One connection to a Redis server (system.h has the contract). A write is SET, followed by WAIT if
// the scenario's acknowledgement asks for replicas.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "asio/io_context.hpp"
#include "asio/ip/tcp.hpp"
#include "simulator/cluster/foreign/system.h"
#include "simulator/cluster/redis/resp.h"
#include "simulator/cluster/systems/redis_settings.h"

namespace replsim {

// The key that holds the epoch. A promotion writes it, so that every AOF says where epochs begin.
inline constexpr absl::string_view kEpochKey = "replsim:epoch";

class RedisConnection final : public ForeignConnection {
 public:
  RedisConnection(asio::io_context* io, std::string password,
                  std::optional<RedisSettings::Wait> wait);
  ~RedisConnection() override;

  void Open(uint16_t port, Done done) override;
  void OnClosed(absl::AnyInvocable<void()> closed) override;
  void Write(absl::string_view key, absl::string_view value, OperationDone done) override;
  void Read(absl::string_view key, OperationDone done) override;
  void Describe(absl::AnyInvocable<void(absl::StatusOr<ForeignStatus>)> done) override;
  void Scan(absl::AnyInvocable<void(absl::StatusOr<KeyValues>)> done) override;
  void Promote(Epoch epoch, Done done) override;
  void Follow(const NodeId& primary, uint16_t port, Done done) override;

 private:
  // The socket and what is under way on it. Callbacks of asio keep it alive, not the connection.
  class Stream;
  void ScanKeys(absl::AnyInvocable<void(absl::StatusOr<KeyValues>)> done);

  const std::string password_;
  const std::optional<RedisSettings::Wait> wait_;
  const std::shared_ptr<Stream> stream_;
};

// The status that the replies to PING, INFO replication and GET kEpochKey describe.
ForeignStatus RedisStatusOf(const RespValue& ping, const RespValue& info, const RespValue& epoch);
// The result of SET, and of WAIT if there was one.
OperationResult RedisWriteResult(const std::vector<RespValue>& replies,
                                 const std::optional<RedisSettings::Wait>& wait);

}  // namespace replsim
