// Positions in PostgreSQL's WAL: byte positions, which PostgreSQL writes as "0/152C9B8", and the
// history of timelines. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// Absent for a text that is not a position.
std::optional<uint64_t> ParseWalPosition(absl::string_view text);
std::string WalPositionText(uint64_t position);

// Where a record that begins at `start` and has `bytes` ends: behind the headers of the pages that
// it crosses, aligned. That is the position up to which the WAL must be sent, or flushed, to have
// it. Pages have 8 kB and segments 16 MB, the defaults of initdb.
uint64_t WalRecordEnd(uint64_t start, uint32_t bytes);

// A part of the WAL of a node: a timeline from `begin` on, up to `end`.
struct WalPart {
  uint32_t timeline = 1;
  uint64_t begin = 0;
  uint64_t end = UINT64_MAX;  // UINT64_MAX: up to the end of the WAL
  bool operator==(const WalPart&) const = default;
};

// The WAL from `begin` to its end in `timeline`, whose history file has the text `history` (empty
// for timeline 1). INVALID_ARGUMENT for a malformed history.
absl::StatusOr<std::vector<WalPart>> WalPartsOf(uint32_t timeline, absl::string_view history,
                                                uint64_t begin);

// The segment file that contains a position.
std::string WalSegmentName(uint32_t timeline, uint64_t position);
// The timeline of a segment file, "000000020000000000000003". Absent for the name of another file.
std::optional<uint32_t> TimelineOfSegment(absl::string_view name);

}  // namespace replsim
