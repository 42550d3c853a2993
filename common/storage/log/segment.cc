#include "common/storage/log/segment.h"

#include <xxhash.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "common/base/check.h"
#include "common/storage/file/file.h"

namespace replsim {
namespace {

constexpr size_t kNameDigits = 20;

struct HeaderBytes {
  uint64_t checksum;
  uint64_t magic;
  uint32_t version;
  uint32_t reserved;
  uint64_t first_lsn;
};
static_assert(sizeof(HeaderBytes) == kSegmentHeaderBytes);

uint64_t Checksum(const HeaderBytes& header) {
  const char* bytes = reinterpret_cast<const char*>(&header);
  return XXH3_64bits(bytes + sizeof(header.checksum), sizeof(header) - sizeof(header.checksum));
}

bool EntryAfter(Lsn lsn, const SegmentIndex::Entry& entry) { return lsn < entry.lsn; }

}  // namespace

std::string SegmentName(Lsn first) {
  char name[40];
  std::snprintf(name, sizeof(name), "wal-%020" PRIu64 ".log", first.value());
  return name;
}

std::optional<Lsn> ParseSegmentName(absl::string_view name) {
  uint64_t first = 0;
  if (!absl::ConsumePrefix(&name, "wal-") || !absl::ConsumeSuffix(&name, ".log") ||
      name.size() != kNameDigits ||
      name.find_first_not_of("0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(name, &first)) {
    return std::nullopt;
  }
  return Lsn(first);
}

std::string EncodeSegmentHeader(Lsn first) {
  HeaderBytes header{0, kSegmentMagic, kSegmentVersion, 0, first.value()};
  header.checksum = Checksum(header);
  return std::string(reinterpret_cast<const char*>(&header), sizeof(header));
}

std::optional<SegmentHeader> ParseSegmentHeader(absl::string_view data) {
  HeaderBytes header{};
  if (data.size() < sizeof(header)) return std::nullopt;
  std::memcpy(&header, data.data(), sizeof(header));
  if (header.magic != kSegmentMagic || header.checksum != Checksum(header)) return std::nullopt;
  return SegmentHeader{header.version, Lsn(header.first_lsn)};
}

std::optional<RecordOutline> PeekRecord(absl::string_view data) {
  // The fields of record.h that follow its checksum.
  struct {
    uint32_t size;
    uint32_t magic;
    uint64_t epoch;
    uint64_t lsn;
  } fields;
  if (data.size() < kRecordHeaderBytes) return std::nullopt;
  std::memcpy(&fields, data.data() + sizeof(uint64_t), sizeof(fields));
  if (fields.magic != kRecordMagic || fields.size > kPayloadBytesMax) return std::nullopt;
  const size_t encoded = EncodedRecordBytes(fields.size);
  if (data.size() < encoded) return std::nullopt;
  return RecordOutline{{Epoch(fields.epoch), Lsn(fields.lsn)}, encoded};
}

std::optional<FoundRecord> FindRecord(absl::string_view data, uint64_t offset, Lsn after) {
  RecordView record;
  for (; offset + kRecordHeaderBytes <= data.size(); offset += 8) {
    if (ParseRecord(data.substr(offset), &record) == ParseOutcome::kRecord &&
        record.position.lsn > after) {
      return FoundRecord{offset, record.position};
    }
  }
  return std::nullopt;
}

bool MissesSector(absl::string_view data, uint64_t offset) {
  const std::optional<RecordOutline> outline = PeekRecord(data.substr(offset));
  const uint64_t record_end = offset + (outline ? outline->encoded_bytes : kRecordHeaderBytes);
  for (uint64_t at = offset; at < std::min<uint64_t>(record_end, data.size());) {
    const uint64_t sector_end = SectorEnd(at);
    if (data.substr(at, sector_end - at).find_first_not_of('\0') == absl::string_view::npos) {
      return true;
    }
    at = sector_end;
  }
  return false;
}

void SegmentIndex::Add(Lsn lsn, uint64_t offset) {
  if (entries_.empty() || offset - entries_.back().offset >= kIndexStepBytes) {
    entries_.push_back({lsn, offset});
  }
}

SegmentIndex::Entry SegmentIndex::Before(Lsn lsn) const {
  const auto after = std::upper_bound(entries_.begin(), entries_.end(), lsn, EntryAfter);
  REPL_CHECK(after != entries_.begin(), "no record up to LSN ", lsn.value());
  return *(after - 1);
}

std::optional<SegmentIndex::Entry> SegmentIndex::After(Lsn lsn) const {
  const auto after = std::upper_bound(entries_.begin(), entries_.end(), lsn, EntryAfter);
  if (after == entries_.end()) return std::nullopt;
  return *after;
}

void SegmentIndex::TruncateTo(Lsn last) {
  while (!entries_.empty() && entries_.back().lsn > last) entries_.pop_back();
}

}  // namespace replsim
