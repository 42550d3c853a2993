// One libpq connection on an asio event loop. Everything runs on the io thread; no callback runs
// inside the call that takes it.
#pragma once

#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "asio/io_context.hpp"
#include "asio/posix/stream_descriptor.hpp"

namespace replsim {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using LibpqResult = std::unique_ptr<PGresult, ClearResult>;

class LibpqStream : public std::enable_shared_from_this<LibpqStream> {
 public:
  using Done = absl::AnyInvocable<void(absl::Status)>;
  // The last result of the call, which may be an error of the server (PQresultStatus), or why there
  // is none.
  using Answer = absl::AnyInvocable<void(absl::StatusOr<LibpqResult>)>;

  explicit LibpqStream(asio::io_context* io) : io_(io), socket_(*io) {}
  ~LibpqStream();

  void Open(const std::string& conninfo, Done done);
  // `send` calls one of PQsend… and returns its result. One call at a time.
  void Call(const std::function<int(PGconn*)>& send, Answer answer);
  void Query(const std::string& sql, Answer answer);
  void OnClosed(absl::AnyInvocable<void()> closed) { on_closed_ = std::move(closed); }
  // Closes the connection. No callback runs afterwards.
  void Shut();

 private:
  void PollConnect();
  void AwaitRead();
  void Flush();
  void TakeResults();
  void Fail(const std::string& why);
  bool Watch();

  asio::io_context* const io_;
  asio::posix::stream_descriptor socket_;  // a duplicate of libpq's descriptor
  PGconn* connection_ = nullptr;
  Done opened_;
  Answer answer_;
  LibpqResult last_;
  absl::AnyInvocable<void()> on_closed_;
  bool closed_ = false;
  bool shut_ = false;
};

}  // namespace replsim
