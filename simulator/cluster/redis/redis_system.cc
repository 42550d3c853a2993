#include "simulator/cluster/redis/redis_system.h"

#include <filesystem>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"
#include "common/server/rpc/access_token.h"
#include "simulator/cluster/foreign/programs.h"
#include "simulator/cluster/redis/aof_log.h"
#include "simulator/cluster/redis/redis_connection.h"
#include "simulator/cluster/redis/redis_tap.h"
#include "simulator/recording/file_bytes.h"

namespace replsim {
namespace {

constexpr int kOldestMajor = 7;

class RedisSystem final : public ForeignSystem {
 public:
  explicit RedisSystem(const proto::Scenario& scenario) : settings_(RedisSettingsOf(scenario)) {}

  std::string name() const override { return "redis"; }

  // Receive is the arrival of the bytes. A replica executes them in that turn of its loop, so apply
  // is the same, less one turn. Nothing tells when the AOF was written or flushed.
  proto::Manifest::Evidence::Node StagesOf(const NodeId& node) const override {
    proto::Manifest::Evidence::Node stages;
    stages.set_node(node.name());
    stages.set_receive(proto::EXACT);
    stages.set_write(proto::ABSENT);
    stages.set_flush(proto::ABSENT);
    stages.set_apply(proto::EXACT);
    return stages;
  }

  absl::StatusOr<std::string> Prepare() override {
    server_ = FindProgram("redis-server");
    setpriv_ = FindProgram("setpriv");
    if (server_.empty()) {
      return absl::NotFoundError(
          "redis-server is not installed; expected: apt install redis-server");
    }
    if (setpriv_.empty()) {
      return absl::NotFoundError("setpriv is not installed; expected: apt install util-linux");
    }
    return RedisVersion(server_);
  }

  absl::StatusOr<Launch> PrepareStart(const NodeStart& start) override {
    std::string text;
    const auto add = [&text](absl::string_view name, absl::string_view value) {
      absl::StrAppend(&text, name, " ", value, "\n");
    };
    for (const auto& [name, value] : settings_.lines) add(name, value);
    add("bind", "127.0.0.1");
    add("port", absl::StrCat(start.port));
    std::error_code error;
    const std::string folder = std::filesystem::absolute(start.folder, error).string();
    add("dir", absl::StrCat("\"", absl::CEscape(folder), "\""));
    add("logfile", "server.log");
    add("requirepass", password_);
    add("masterauth", password_);
    if (!start.as_primary) add("replicaof", absl::StrCat("127.0.0.1 ", start.primary_port));
    const std::string path = folder + "/redis.conf";
    REPL_RETURN_IF_ERROR(WriteFileBytes(path, text));
    return Launch{setpriv_, WithParentDeathSignal(server_, {path})};
  }

  absl::StatusOr<NativeLog> ReadLog(const NodeId& node, const std::string& folder) override {
    absl::StatusOr<NativeLog> log = ReadAofLog(folder);
    if (log.ok() || !absl::IsNotFound(log.status())) return log;
    return Annotate(log.status(), absl::StrCat("the log of ", node.name()));
  }

  std::unique_ptr<ForeignConnection> Connect(asio::io_context* io) override {
    return std::make_unique<RedisConnection>(io, password_, settings_.wait);
  }

  // The direction to the server is asked for first.
  std::unique_ptr<PipeTap> NewTap(const NodeId& dialler, const NodeId& listener,
                                  Relay::Direction direction, StepSink sink) override {
    std::shared_ptr<RedisStreamState>& state = streams_[{dialler, listener}];
    if (direction == Relay::Direction::kToServer) {
      state = std::make_shared<RedisStreamState>();
      return NewRedisAckTap(dialler, listener, state, std::move(sink));
    }
    return NewRedisStreamTap(dialler, listener, state, std::move(sink));
  }

 private:
  static absl::StatusOr<std::string> RedisVersion(const std::string& server) {
    // "Redis server v=7.0.15 sha=…"
    REPL_ASSIGN_OR_RETURN(const std::string text, OutputOf(server, {"--version"}));
    const size_t begin = text.find("v=");
    const std::string version =
        begin == std::string::npos ? "" : text.substr(begin + 2, text.find(' ', begin) - begin - 2);
    int major = 0;
    const std::vector<std::string> parts = absl::StrSplit(version, '.');
    if (!absl::SimpleAtoi(parts[0], &major) || major < kOldestMajor) {
      return absl::FailedPreconditionError(absl::StrCat(
          server, " is version \"", version, "\"; expected ", kOldestMajor, ".0 or later"));
    }
    return version;
  }

  const RedisSettings settings_;
  const std::string password_ = NewAccessToken();
  std::string server_;
  std::string setpriv_;
  std::map<std::pair<NodeId, NodeId>, std::shared_ptr<RedisStreamState>> streams_;
};

}  // namespace

std::unique_ptr<ForeignSystem> NewRedisSystem(const proto::Scenario& scenario) {
  return std::make_unique<RedisSystem>(scenario);
}

}  // namespace replsim
