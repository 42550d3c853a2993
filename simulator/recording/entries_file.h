// The log of a node of another system, as plain entries: `nodes/<id>/entries.bin` of a run folder.
// Nodes of ours write segments of their own format instead (ReadLogEntries).
//
// File format: 8 bytes "RSENTRS1", then records of 64 bytes, little-endian, in order of LSN from 1.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "simulator/recording/recording.h"

namespace replsim {

absl::Status WriteEntries(const std::string& path, const std::vector<LogEntry>& entries);
// NotFound if the file does not exist. DataLoss if it is not such a file, ends inside a record, or
// its LSNs are not dense.
absl::StatusOr<std::vector<LogEntry>> ReadEntries(const std::string& path);

}  // namespace replsim
