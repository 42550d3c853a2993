// A connection to PostgreSQL through libpq's asynchronous calls. Without libpq at build time there
// are none (kHasLibpq).
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "asio/io_context.hpp"
#include "simulator/cluster/foreign/system.h"

namespace replsim {

#ifdef REPLSIM_HAS_LIBPQ
inline constexpr bool kHasLibpq = true;
#else
inline constexpr bool kHasLibpq = false;
#endif

// The superuser of initdb.
inline constexpr absl::string_view kPostgresUser = "postgres";
// The table of the load, and the epoch, which says on each node how far it follows. A primary that
// only restarts begins an epoch on the same timeline.
inline constexpr absl::string_view kPostgresSchema =
    "CREATE TABLE kv (k text PRIMARY KEY, v text); CREATE TABLE replsim_epoch (e bigint); "
    "INSERT INTO replsim_epoch VALUES (1);";

// The connection string for the node at 127.0.0.1:`port`. The application_name of a standby is its
// cluster_name.
std::string PostgresConninfo(uint16_t port, absl::string_view password);

// Only if kHasLibpq.
std::unique_ptr<ForeignConnection> NewPostgresConnection(asio::io_context* io,
                                                         std::string password);

// Blocking. Runs one statement on the node at `port`.
absl::Status RunPostgresStatement(uint16_t port, absl::string_view password,
                                  const std::string& statement);

}  // namespace replsim
