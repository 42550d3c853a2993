// Writes a history of registers in formats that other tools read: Jepsen's EDN (Elle, Knossos),
// Porcupine's key-value files, and the texts of Plume and dbcop (AWDIT reads Plume's). Values and
// keys are written as numbers.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "simulator/history/history.h"
#include "simulator/history/read_options.h"

namespace replsim::history {

// Formats: kJepsen, kKv, kPlume, kDbcop. The history must have a model whose operations the format
// can express; otherwise InvalidArgument, which says why. Reads and writes of registers fit into
// each format, and transactions on registers into all but kKv. Plume and dbcop have no times, and
// get an unanswered write only if it was read, as a session of its own.
absl::StatusOr<std::string> WriteHistory(const History& history, Format format);

}  // namespace replsim::history
