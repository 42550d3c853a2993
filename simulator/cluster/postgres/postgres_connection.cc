#include "simulator/cluster/postgres/postgres_connection.h"

#include "absl/strings/str_cat.h"

#ifdef REPLSIM_HAS_LIBPQ
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "simulator/cluster/managed/unanswered.h"
#include "simulator/cluster/postgres/libpq_stream.h"
#include "simulator/cluster/postgres/wal_dump.h"
#include "simulator/cluster/systems/postgres_settings.h"
#endif

namespace replsim {

std::string PostgresConninfo(uint16_t port, absl::string_view password) {
  return absl::StrCat("host=127.0.0.1 port=", port, " user=", kPostgresUser,
                      " dbname=postgres password=", password,
                      " sslmode=disable gssencmode=disable");
}

#ifdef REPLSIM_HAS_LIBPQ
namespace {

// Prepared once for each connection. A standby accepts both and refuses to execute the first.
constexpr absl::string_view kPrepare =
    "PREPARE w (text, text, text) AS INSERT INTO kv VALUES ($1, $2) "
    "ON CONFLICT (k) DO UPDATE SET v = excluded.v "
    "RETURNING pg_logical_emit_message(true, 'rs', $3); "
    "PREPARE r (text) AS SELECT v FROM kv WHERE k = $1";

constexpr absl::string_view kDescribe =
    "SELECT pg_is_in_recovery(), "
    "CASE WHEN pg_is_in_recovery() "
    "THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn(), '0/0') "
    "ELSE pg_current_wal_lsn() END - '0/0'::pg_lsn, "
    "coalesce((SELECT status = 'streaming' FROM pg_stat_wal_receiver), false), "
    "(SELECT e FROM replsim_epoch)";

absl::Status StatusOf(const absl::StatusOr<LibpqResult>& answer) {
  if (!answer.ok()) return answer.status();
  const ExecStatusType status = PQresultStatus(answer->get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StripAsciiWhitespace(PQresultErrorMessage(answer->get())));
}

OperationResult WithoutPosition(proto::Outcome outcome, proto::Reason reason) {
  OperationResult result;
  result.position = std::nullopt;
  result.outcome = outcome;
  result.reason = reason;
  return result;
}

// A statement that ends with an ERROR has changed nothing.
OperationResult ResultOf(const absl::StatusOr<LibpqResult>& answer, bool is_write) {
  if (!answer.ok()) return Unanswered(is_write, proto::DISCONNECTED);
  if (StatusOf(answer).ok()) return WithoutPosition(proto::COMMITTED, proto::NONE);
  const char* const code = PQresultErrorField(answer->get(), PG_DIAG_SQLSTATE);
  const bool read_only = code != nullptr && absl::string_view(code) == "25006";
  return WithoutPosition(proto::REJECTED, read_only ? proto::NOT_PRIMARY : proto::NODE_STOPPED);
}

absl::string_view Cell(const PGresult* result, int row, int column) {
  return {PQgetvalue(result, row, column), static_cast<size_t>(PQgetlength(result, row, column))};
}

ForeignStatus PostgresStatusOf(const PGresult* result) {
  ForeignStatus status;
  status.leads = Cell(result, 0, 0) == "f";
  if (!absl::SimpleAtoi(Cell(result, 0, 1), &status.native)) status.native = 0;
  status.ready = status.leads || Cell(result, 0, 2) == "t";
  if (!absl::SimpleAtoi(Cell(result, 0, 3), &status.epoch)) status.epoch = 1;
  return status;
}

class PostgresConnection final : public ForeignConnection {
 public:
  PostgresConnection(asio::io_context* io, std::string password)
      : password_(std::move(password)), stream_(std::make_shared<LibpqStream>(io)) {}
  ~PostgresConnection() override { stream_->Shut(); }

  void Open(uint16_t port, Done done) override {
    stream_->Open(
        PostgresConninfo(port, password_),
        [stream = stream_.get(), done = std::move(done)](const absl::Status& status) mutable {
          if (!status.ok()) return done(status);
          Run(stream, std::string(kPrepare), std::move(done));
        });
  }

  void OnClosed(absl::AnyInvocable<void()> closed) override {
    stream_->OnClosed(std::move(closed));
  }

  void Write(absl::string_view key, absl::string_view value, OperationDone done) override {
    const std::array<std::string, 3> words = {std::string(key), std::string(value),
                                              WritePayload(key, value)};
    Execute("w", words,
            [done = std::move(done)](const absl::StatusOr<LibpqResult>& answer) mutable {
              done(ResultOf(answer, /*is_write=*/true));
            });
  }

  void Read(absl::string_view key, OperationDone done) override {
    const std::array<std::string, 1> words = {std::string(key)};
    Execute("r", words,
            [done = std::move(done)](const absl::StatusOr<LibpqResult>& answer) mutable {
              OperationResult result = ResultOf(answer, /*is_write=*/false);
              if (result.outcome == proto::COMMITTED && PQntuples(answer->get()) > 0) {
                result.value = std::string(Cell(answer->get(), 0, 0));
              }
              done(std::move(result));
            });
  }

  void Describe(absl::AnyInvocable<void(absl::StatusOr<ForeignStatus>)> done) override {
    stream_->Query(std::string(kDescribe),
                   [done = std::move(done)](absl::StatusOr<LibpqResult> answer) mutable {
                     if (const absl::Status status = StatusOf(answer); !status.ok())
                       return done(status);
                     done(PostgresStatusOf(answer->get()));
                   });
  }

  void Scan(absl::AnyInvocable<void(absl::StatusOr<KeyValues>)> done) override {
    stream_->Query("SELECT k, v FROM kv",
                   [done = std::move(done)](absl::StatusOr<LibpqResult> answer) mutable {
                     if (const absl::Status status = StatusOf(answer); !status.ok())
                       return done(status);
                     KeyValues pairs;
                     for (int row = 0; row < PQntuples(answer->get()); ++row) {
                       pairs.emplace_back(Cell(answer->get(), row, 0), Cell(answer->get(), row, 1));
                     }
                     done(std::move(pairs));
                   });
  }

  // The message says in the WAL where the epoch begins. No standby may follow yet, so the epoch
  // waits for none.
  void Promote(Epoch epoch, Done done) override {
    stream_->Query(
        "SELECT CASE WHEN pg_is_in_recovery() THEN pg_promote(true, 60) ELSE true END",
        [stream = stream_.get(), epoch,
         done = std::move(done)](const absl::StatusOr<LibpqResult>& promoted) mutable {
          if (const absl::Status status = StatusOf(promoted); !status.ok()) return done(status);
          if (Cell(promoted->get(), 0, 0) != "t") {
            return done(absl::DeadlineExceededError("the promotion has not ended within 60 s"));
          }
          Run(stream,
              absl::StrCat("BEGIN; SET LOCAL synchronous_commit = local; SELECT "
                           "pg_logical_emit_message(false, '",
                           kWalMessagePrefix, "', '", EpochPayload(epoch.value()),
                           "'); UPDATE replsim_epoch SET e = ", epoch.value(), "; COMMIT"),
              std::move(done));
        });
  }

  // ALTER SYSTEM cannot run in a transaction, so the two statements are sent one by one.
  void Follow(const NodeId& /*primary*/, uint16_t port, Done done) override {
    const std::string conninfo = PostgresConninfo(port, password_);
    Run(stream_.get(),
        absl::StrCat("ALTER SYSTEM SET primary_conninfo = ", PostgresQuoted(conninfo)),
        [stream = stream_.get(), done = std::move(done)](const absl::Status& set) mutable {
          if (!set.ok()) return done(set);
          Run(stream, "SELECT pg_reload_conf()", std::move(done));
        });
  }

 private:
  static void Run(LibpqStream* stream, const std::string& sql, Done done) {
    stream->Query(sql, [done = std::move(done)](const absl::StatusOr<LibpqResult>& answer) mutable {
      done(StatusOf(answer));
    });
  }

  template <size_t kWords>
  void Execute(const char* statement, const std::array<std::string, kWords>& words,
               LibpqStream::Answer answer) {
    stream_->Call(
        [statement, &words](PGconn* connection) {
          std::array<const char*, kWords> values{};
          for (size_t i = 0; i < kWords; ++i) values[i] = words[i].c_str();
          return PQsendQueryPrepared(connection, statement, kWords, values.data(), nullptr, nullptr,
                                     /*resultFormat=*/0);
        },
        std::move(answer));
  }

  const std::string password_;
  const std::shared_ptr<LibpqStream> stream_;
};

}  // namespace

std::unique_ptr<ForeignConnection> NewPostgresConnection(asio::io_context* io,
                                                         std::string password) {
  return std::make_unique<PostgresConnection>(io, std::move(password));
}

absl::Status RunPostgresStatement(uint16_t port, absl::string_view password,
                                  const std::string& statement) {
  const std::string conninfo =
      absl::StrCat(PostgresConninfo(port, password), " connect_timeout=10");
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(conninfo.c_str()),
                                                              PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    return absl::UnavailableError(absl::StripAsciiWhitespace(PQerrorMessage(connection.get())));
  }
  return StatusOf(LibpqResult(PQexec(connection.get(), statement.c_str())));
}

#else

std::unique_ptr<ForeignConnection> NewPostgresConnection(asio::io_context*, std::string) {
  return nullptr;
}

absl::Status RunPostgresStatement(uint16_t, absl::string_view, const std::string&) {
  return absl::UnimplementedError("built without libpq");
}

#endif  // REPLSIM_HAS_LIBPQ

}  // namespace replsim
