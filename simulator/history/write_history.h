// Writes a history of registers in the formats that other tools read: Jepsen's EDN (Elle, Knossos),
// Porcupine's key-value files, Plume's and dbcop's texts (AWDIT reads Plume's). Values and keys
// become numbers.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "simulator/history/history.h"
#include "simulator/history/read_options.h"

namespace replsim::history {

// kJepsen, kKv, kPlume or kDbcop, of a history of model kRegister that reads and writes;
// InvalidArgument otherwise. What a format cannot say is left out: Plume and dbcop have no times,
// and no write that was never answered unless it was read.
absl::StatusOr<std::string> WriteHistory(const History& history, Format format);

}  // namespace replsim::history
