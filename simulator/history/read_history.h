// Reads histories recorded by other tools: Jepsen (EDN, JSON, and logs as Porcupine reads them),
// Porcupine's key-value files, and the texts of Plume, AWDIT and dbcop.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/history/history.h"
#include "simulator/history/read_options.h"

namespace replsim::history {

// Guesses the format of a text; kAuto if it matches none.
Format FindFormat(absl::string_view text);

// InvalidArgument "NAME:LINE:COLUMN: …" (or without the column) if the text is malformed or is not
// a history of its format.
absl::StatusOr<History> ReadHistory(absl::string_view text, const std::string& name,
                                    const ReadOptions& options);

// Readers of one format each; ReadHistory chooses among them.
absl::StatusOr<History> ReadJepsen(absl::string_view text, const std::string& name, Format format,
                                   const ReadOptions& options);
absl::StatusOr<History> ReadPlume(absl::string_view text, const std::string& name);
absl::StatusOr<History> ReadAwdit(absl::string_view text, const std::string& name);
absl::StatusOr<History> ReadDbcop(absl::string_view text, const std::string& name);

}  // namespace replsim::history
