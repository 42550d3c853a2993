// Reads the append-only file of a Redis 7 server: the order in which it executed its writes. The
// file is a base, which is a copy of the data at one moment, and increments (docs: "multi-part
// AOF"). Blocking.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/cluster/foreign/native_log.h"

namespace replsim {

// Adds the entries of one file. Keys and values that are not the load's are left out, except the
// epoch markers. A torn end is described in `log->cut`. DATA_LOSS if anything else is malformed.
// `*epoch`: of the entries that follow.
absl::Status AddAofEntries(absl::string_view bytes, const std::string& path, uint64_t* epoch,
                           NativeLog* log);

// `folder` has appendonlydir. NOT_FOUND if the server has never written one.
absl::StatusOr<NativeLog> ReadAofLog(const std::string& folder);

}  // namespace replsim
