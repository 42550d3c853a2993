#include "simulator/cluster/redis/redis_connection.h"

#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "asio/write.hpp"
#include "simulator/cluster/managed/unanswered.h"

namespace replsim {

using asio::ip::tcp;

class RedisConnection::Stream : public std::enable_shared_from_this<Stream> {
 public:
  using Replies = absl::AnyInvocable<void(absl::StatusOr<std::vector<RespValue>>)>;

  explicit Stream(asio::io_context* io) : socket_(*io) {}

  void Open(uint16_t port, Done done) {
    const tcp::endpoint to(asio::ip::address_v4::loopback(), port);
    socket_.async_connect(to, [self = shared_from_this(),
                               done = std::move(done)](const asio::error_code& error) mutable {
      if (self->shut_) return;
      if (error) return done(absl::UnavailableError(error.message()));
      asio::error_code ignored;
      self->socket_.set_option(tcp::no_delay(true), ignored);
      self->Read();
      done(absl::OkStatus());
    });
  }

  // Sends `commands`, of which there are `count`, and calls `done` with as many replies.
  void Call(std::string commands, size_t count, Replies done) {
    if (closed_) {
      return asio::post(socket_.get_executor(),
                        [self = shared_from_this(), done = std::move(done)]() mutable {
                          if (!self->shut_)
                            done(absl::UnavailableError("the connection is closed"));
                        });
    }
    awaited_ = count;
    replies_.clear();
    done_ = std::move(done);
    out_ = std::move(commands);
    asio::async_write(socket_, asio::buffer(out_),
                      [self = shared_from_this()](const asio::error_code& error, size_t) {
                        if (error) self->Fail(error.message());
                      });
  }

  void OnClosed(absl::AnyInvocable<void()> closed) { on_closed_ = std::move(closed); }

  // No callback runs afterwards.
  void Shut() {
    shut_ = true;
    closed_ = true;
    asio::error_code ignored;
    socket_.close(ignored);
    done_ = nullptr;
    on_closed_ = nullptr;
  }

 private:
  void Read() {
    socket_.async_read_some(asio::buffer(chunk_), [self = shared_from_this()](
                                                      const asio::error_code& error, size_t size) {
      if (self->closed_) return;
      if (error) return self->Fail(error.message());
      self->in_.append(self->chunk_.data(), size);
      self->Take();
      if (!self->closed_) self->Read();
    });
  }

  void Take() {
    absl::string_view rest = in_;
    while (awaited_ > 0) {
      RespValue reply;
      const RespParse parse = ParseReply(&rest, &reply);
      if (parse == RespParse::kMalformed) return Fail("the server's reply is malformed");
      if (parse == RespParse::kPartial) break;
      replies_.push_back(std::move(reply));
      --awaited_;
    }
    in_.erase(0, in_.size() - rest.size());
    if (awaited_ > 0 || !done_) return;
    std::exchange(done_, nullptr)(std::move(replies_));
  }

  void Fail(const std::string& why) {
    if (closed_) return;
    closed_ = true;
    asio::error_code ignored;
    socket_.close(ignored);
    if (Replies done = std::exchange(done_, nullptr)) done(absl::UnavailableError(why));
    if (auto closed = std::exchange(on_closed_, nullptr)) closed();
  }

  tcp::socket socket_;
  std::array<char, 16 * 1024> chunk_;
  std::string in_;
  std::string out_;
  size_t awaited_ = 0;
  std::vector<RespValue> replies_;
  Replies done_;
  absl::AnyInvocable<void()> on_closed_;
  bool closed_ = false;
  bool shut_ = false;
};

namespace {

absl::Status ErrorIn(const absl::StatusOr<std::vector<RespValue>>& replies) {
  if (!replies.ok()) return replies.status();
  for (const RespValue& reply : *replies) {
    if (reply.is_error()) return absl::FailedPreconditionError(reply.text);
  }
  return absl::OkStatus();
}

std::string Encode(const std::vector<absl::string_view>& words) {
  std::string text;
  AppendCommand(words, &text);
  return text;
}

// An error reply, by which the server says that it has not executed the command.
OperationResult Refused(const RespValue& error) {
  OperationResult result;
  result.position = std::nullopt;
  result.outcome = proto::REJECTED;
  result.reason = proto::NODE_STOPPED;
  if (absl::StartsWith(error.text, "READONLY")) result.reason = proto::NOT_PRIMARY;
  if (absl::StartsWith(error.text, "NOREPLICAS")) result.reason = proto::SYNC_SET_MISSING;
  return result;
}

OperationResult Committed() {
  OperationResult result;
  result.position = std::nullopt;
  result.outcome = proto::COMMITTED;
  return result;
}

// The value of `name:value` in a reply to INFO.
absl::string_view InfoField(absl::string_view info, absl::string_view name) {
  for (absl::string_view line : absl::StrSplit(info, "\r\n")) {
    if (absl::ConsumePrefix(&line, name) && absl::ConsumePrefix(&line, ":")) return line;
  }
  return "";
}

}  // namespace

ForeignStatus RedisStatusOf(const RespValue& ping, const RespValue& info, const RespValue& epoch) {
  ForeignStatus status;
  status.leads = InfoField(info.text, "role") == "master";
  const char* const offset = status.leads ? "master_repl_offset" : "slave_repl_offset";
  if (!absl::SimpleAtoi(InfoField(info.text, offset), &status.native)) status.native = 0;
  if (!absl::SimpleAtoi(epoch.text, &status.epoch)) status.epoch = 1;
  const bool streams = status.leads || InfoField(info.text, "master_link_status") == "up";
  status.ready = !ping.is_error() && !info.is_error() && streams;
  return status;
}

OperationResult RedisWriteResult(const std::vector<RespValue>& replies,
                                 const std::optional<RedisSettings::Wait>& wait) {
  if (replies.at(0).is_error()) return Refused(replies[0]);
  OperationResult result = Committed();
  if (!wait) return result;
  const RespValue& waited = replies.at(1);
  // The node has executed the write, and then was demoted, or WAIT gave up.
  if (waited.is_error() || waited.number < static_cast<int64_t>(wait->replicas)) {
    result.outcome = proto::UNKNOWN;
    result.reason = proto::GATE_TIMEOUT;
  }
  return result;
}

RedisConnection::RedisConnection(asio::io_context* io, std::string password,
                                 std::optional<RedisSettings::Wait> wait)
    : password_(std::move(password)), wait_(wait), stream_(std::make_shared<Stream>(io)) {}

RedisConnection::~RedisConnection() { stream_->Shut(); }

void RedisConnection::Open(uint16_t port, Done done) {
  stream_->Open(port, [stream = stream_.get(), hello = Encode({"AUTH", password_}),
                       done = std::move(done)](const absl::Status& status) mutable {
    if (!status.ok()) return done(status);
    stream->Call(
        hello, 1,
        [done = std::move(done)](const absl::StatusOr<std::vector<RespValue>>& replies) mutable {
          done(ErrorIn(replies));
        });
  });
}

void RedisConnection::OnClosed(absl::AnyInvocable<void()> closed) {
  stream_->OnClosed(std::move(closed));
}

void RedisConnection::Write(absl::string_view key, absl::string_view value, OperationDone done) {
  std::string commands = Encode({"SET", key, value});
  if (wait_) {
    AppendCommand({"WAIT", absl::StrCat(wait_->replicas), absl::StrCat(wait_->timeout_ms)},
                  &commands);
  }
  stream_->Call(std::move(commands), wait_ ? 2 : 1,
                [wait = wait_, done = std::move(done)](
                    const absl::StatusOr<std::vector<RespValue>>& replies) mutable {
                  done(replies.ok() ? RedisWriteResult(*replies, wait)
                                    : Unanswered(/*is_write=*/true, proto::DISCONNECTED));
                });
}

void RedisConnection::Read(absl::string_view key, OperationDone done) {
  stream_->Call(Encode({"GET", key}), 1,
                [done = std::move(done)](absl::StatusOr<std::vector<RespValue>> replies) mutable {
                  if (!replies.ok()) {
                    return done(Unanswered(/*is_write=*/false, proto::DISCONNECTED));
                  }
                  RespValue& reply = replies->at(0);
                  if (reply.is_error()) return done(Refused(reply));
                  OperationResult result = Committed();
                  if (reply.type == '$') result.value = std::move(reply.text);
                  done(std::move(result));
                });
}

void RedisConnection::Describe(absl::AnyInvocable<void(absl::StatusOr<ForeignStatus>)> done) {
  std::string commands = Encode({"PING"});
  AppendCommand({"INFO", "replication"}, &commands);
  AppendCommand({"GET", kEpochKey}, &commands);
  stream_->Call(
      std::move(commands), 3,
      [done = std::move(done)](const absl::StatusOr<std::vector<RespValue>>& replies) mutable {
        if (!replies.ok()) return done(replies.status());
        done(RedisStatusOf(replies->at(0), replies->at(1), replies->at(2)));
      });
}

namespace {

bool RewritesItsAof(absl::string_view info) {
  return InfoField(info, "aof_rewrite_in_progress") == "1" ||
         InfoField(info, "aof_rewrite_scheduled") == "1";
}

}  // namespace

// A node that was synchronised anew first writes the base of its new AOF; until then the files on
// disk are those of its previous life. The server answers at the pace of its loop.
void RedisConnection::Scan(absl::AnyInvocable<void(absl::StatusOr<KeyValues>)> done) {
  stream_->Call(Encode({"INFO", "persistence"}), 1,
                [this, done = std::move(done)](
                    const absl::StatusOr<std::vector<RespValue>>& replies) mutable {
                  if (const absl::Status status = ErrorIn(replies); !status.ok()) {
                    return done(status);
                  }
                  if (RewritesItsAof(replies->at(0).text)) return Scan(std::move(done));
                  ScanKeys(std::move(done));
                });
}

// The load's keys begin with k. One MGET reads them all, because no client is left to wait for it.
void RedisConnection::ScanKeys(absl::AnyInvocable<void(absl::StatusOr<KeyValues>)> done) {
  stream_->Call(Encode({"KEYS", "k*"}), 1,
                [stream = stream_.get(),
                 done = std::move(done)](absl::StatusOr<std::vector<RespValue>> replies) mutable {
                  if (const absl::Status status = ErrorIn(replies); !status.ok())
                    return done(status);
                  std::vector<RespValue> keys = std::move(replies->at(0).items);
                  if (keys.empty()) return done(KeyValues());
                  std::vector<absl::string_view> words = {"MGET"};
                  for (const RespValue& key : keys) words.push_back(key.text);
                  std::string command = Encode(words);
                  stream->Call(std::move(command), 1,
                               [keys = std::move(keys), done = std::move(done)](
                                   absl::StatusOr<std::vector<RespValue>> answers) mutable {
                                 if (const absl::Status status = ErrorIn(answers); !status.ok()) {
                                   return done(status);
                                 }
                                 std::vector<RespValue>& values = answers->at(0).items;
                                 KeyValues pairs;
                                 for (size_t i = 0; i < keys.size() && i < values.size(); ++i) {
                                   if (values[i].type != '$') continue;
                                   pairs.emplace_back(std::move(keys[i].text),
                                                      std::move(values[i].text));
                                 }
                                 done(std::move(pairs));
                               });
                });
}

// Both commands arrive together, and the server executes them before any client's: the marker is
// the first entry of the new epoch.
void RedisConnection::Promote(Epoch epoch, Done done) {
  std::string commands = Encode({"REPLICAOF", "NO", "ONE"});
  AppendCommand({"SET", kEpochKey, absl::StrCat(epoch.value())}, &commands);
  stream_->Call(
      std::move(commands), 2,
      [done = std::move(done)](const absl::StatusOr<std::vector<RespValue>>& replies) mutable {
        done(ErrorIn(replies));
      });
}

void RedisConnection::Follow(const NodeId& /*primary*/, uint16_t port, Done done) {
  stream_->Call(
      Encode({"REPLICAOF", "127.0.0.1", absl::StrCat(port)}), 1,
      [done = std::move(done)](const absl::StatusOr<std::vector<RespValue>>& replies) mutable {
        done(ErrorIn(replies));
      });
}

}  // namespace replsim
