#ifdef REPLSIM_HAS_LIBPQ
#include "simulator/cluster/postgres/libpq_stream.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "asio/post.hpp"

namespace replsim {

LibpqStream::~LibpqStream() { PQfinish(connection_); }

void LibpqStream::Open(const std::string& conninfo, Done done) {
  opened_ = std::move(done);
  connection_ = PQconnectStart(conninfo.c_str());
  const bool begun = connection_ != nullptr && PQstatus(connection_) != CONNECTION_BAD &&
                     PQsetnonblocking(connection_, 1) == 0 && Watch();
  if (!begun) {
    const std::string why = connection_ == nullptr ? "no memory" : PQerrorMessage(connection_);
    return asio::post(*io_, [self = shared_from_this(), why] { self->Fail(why); });
  }
  PQsetNoticeReceiver(
      connection_, [](void*, const PGresult*) {}, nullptr);
  socket_.async_wait(asio::posix::stream_descriptor::wait_write,
                     [self = shared_from_this()](const asio::error_code& error) {
                       if (!error && !self->shut_) self->PollConnect();
                     });
}

// libpq closes its descriptor itself, so the event loop watches a duplicate.
bool LibpqStream::Watch() {
  const int copy = dup(PQsocket(connection_));
  if (copy < 0) return false;
  asio::error_code error;
  socket_.assign(copy, error);
  if (error) close(copy);
  return !error;
}

void LibpqStream::PollConnect() {
  const PostgresPollingStatusType status = PQconnectPoll(connection_);
  if (status == PGRES_POLLING_FAILED) return Fail(PQerrorMessage(connection_));
  if (status == PGRES_POLLING_OK) {
    AwaitRead();
    return std::exchange(opened_, nullptr)(absl::OkStatus());
  }
  socket_.async_wait(status == PGRES_POLLING_READING ? asio::posix::stream_descriptor::wait_read
                                                     : asio::posix::stream_descriptor::wait_write,
                     [self = shared_from_this()](const asio::error_code& error) {
                       if (!error && !self->shut_) self->PollConnect();
                     });
}

// Also while no call is under way, to notice the end of the connection.
void LibpqStream::AwaitRead() {
  socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](const asio::error_code& error) {
                       if (error || self->closed_) return;
                       if (PQconsumeInput(self->connection_) == 0) {
                         return self->Fail(PQerrorMessage(self->connection_));
                       }
                       self->TakeResults();
                       if (!self->closed_) self->AwaitRead();
                     });
}

void LibpqStream::Call(const std::function<int(PGconn*)>& send, Answer answer) {
  answer_ = std::move(answer);
  last_.reset();
  if (closed_ || send(connection_) == 0) {
    const std::string why = closed_ ? "the connection is closed" : PQerrorMessage(connection_);
    return asio::post(*io_, [self = shared_from_this(), why] {
      Answer failed = std::exchange(self->answer_, nullptr);
      if (failed) failed(absl::UnavailableError(why));
    });
  }
  Flush();
}

void LibpqStream::Query(const std::string& sql, Answer answer) {
  Call([&sql](PGconn* connection) { return PQsendQuery(connection, sql.c_str()); },
       std::move(answer));
}

void LibpqStream::Flush() {
  if (PQflush(connection_) != 1) return;  // a failure also ends the reading
  socket_.async_wait(asio::posix::stream_descriptor::wait_write,
                     [self = shared_from_this()](const asio::error_code& error) {
                       if (!error && !self->closed_) self->Flush();
                     });
}

void LibpqStream::TakeResults() {
  while (answer_ && PQisBusy(connection_) == 0) {
    LibpqResult next(PQgetResult(connection_));
    if (next == nullptr) {
      if (PQstatus(connection_) == CONNECTION_BAD) return Fail(PQerrorMessage(connection_));
      Answer answer = std::exchange(answer_, nullptr);
      answer(std::move(last_));
      return;
    }
    // The first error of several statements ends them.
    if (last_ == nullptr || PQresultStatus(last_.get()) != PGRES_FATAL_ERROR) {
      last_ = std::move(next);
    }
  }
}

void LibpqStream::Fail(const std::string& why) {
  if (closed_) return;
  closed_ = true;
  asio::error_code ignored;
  socket_.close(ignored);
  const absl::Status status = absl::UnavailableError(absl::StripAsciiWhitespace(why));
  if (Done opened = std::exchange(opened_, nullptr)) return opened(status);
  if (Answer answer = std::exchange(answer_, nullptr)) answer(status);
  if (auto closed = std::exchange(on_closed_, nullptr)) closed();
}

void LibpqStream::Shut() {
  shut_ = true;
  closed_ = true;
  asio::error_code ignored;
  socket_.close(ignored);
  PQfinish(std::exchange(connection_, nullptr));
  opened_ = nullptr;
  answer_ = nullptr;
  on_closed_ = nullptr;
}

}  // namespace replsim
#endif  // REPLSIM_HAS_LIBPQ
