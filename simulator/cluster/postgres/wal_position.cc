#include "simulator/cluster/postgres/wal_position.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace replsim {
namespace {

constexpr uint64_t kPageBytes = 8192;
constexpr uint64_t kSegmentBytes = uint64_t{16} << 20;
constexpr uint64_t kPageHeaderBytes = 24;
constexpr uint64_t kSegmentHeaderBytes = 40;  // of a segment's first page

}  // namespace

std::optional<uint64_t> ParseWalPosition(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> halves =
      absl::StrSplit(text, absl::MaxSplits('/', 1));
  uint32_t high = 0;
  uint32_t low = 0;
  if (!absl::SimpleHexAtoi(halves.first, &high) || !absl::SimpleHexAtoi(halves.second, &low)) {
    return std::nullopt;
  }
  return uint64_t{high} << 32 | low;
}

std::string WalPositionText(uint64_t position) {
  return absl::StrFormat("%X/%X", position >> 32, position & UINT32_MAX);
}

uint64_t WalRecordEnd(uint64_t start, uint32_t bytes) {
  uint64_t position = start;
  uint64_t left = bytes;
  for (;;) {
    const uint64_t here = std::min(left, kPageBytes - position % kPageBytes);
    position += here;
    left -= here;
    if (left == 0) return (position + 7) & ~uint64_t{7};
    position += position % kSegmentBytes == 0 ? kSegmentHeaderBytes : kPageHeaderBytes;
  }
}

absl::StatusOr<std::vector<WalPart>> WalPartsOf(uint32_t timeline, absl::string_view history,
                                                uint64_t begin) {
  std::vector<WalPart> parts;
  for (absl::string_view line : absl::StrSplit(history, '\n')) {
    line = absl::StripAsciiWhitespace(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const std::vector<absl::string_view> fields = absl::StrSplit(line, absl::MaxSplits('\t', 2));
    WalPart part;
    const std::optional<uint64_t> end =
        fields.size() < 2 ? std::nullopt : ParseWalPosition(fields[1]);
    if (!end || !absl::SimpleAtoi(fields[0], &part.timeline)) {
      return absl::InvalidArgumentError(absl::StrCat("malformed timeline history: ", line));
    }
    part.begin = begin;
    part.end = *end;
    if (part.end <= begin) continue;
    parts.push_back(part);
    begin = part.end;
  }
  parts.push_back({timeline, begin, UINT64_MAX});
  return parts;
}

std::string WalSegmentName(uint32_t timeline, uint64_t position) {
  return absl::StrFormat("%08X%08X%08X", timeline, position >> 32,
                         (position & UINT32_MAX) / kSegmentBytes);
}

std::optional<uint32_t> TimelineOfSegment(absl::string_view name) {
  constexpr size_t kNameLength = 24;
  uint32_t timeline = 0;
  if (name.size() != kNameLength || !std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return absl::ascii_isxdigit(c);
      })) {
    return std::nullopt;
  }
  if (!absl::SimpleHexAtoi(name.substr(0, 8), &timeline)) return std::nullopt;
  return timeline;
}

}  // namespace replsim
