#include "common/storage/log/record.h"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/base/check.h"
#include "common/base/epoch.h"

namespace replsim {
namespace {

struct RecordHeader {
  uint64_t checksum;
  uint32_t size;
  uint32_t magic;
  uint64_t epoch;
  uint64_t lsn;
  int64_t time_ns;
};
static_assert(sizeof(RecordHeader) == kRecordHeaderBytes);

uint64_t Checksum(const char* record, size_t payload_bytes) {
  return XXH3_64bits(record + sizeof(uint64_t),
                     kRecordHeaderBytes - sizeof(uint64_t) + payload_bytes);
}

}  // namespace

void AppendRecord(Position position, Instant time, absl::string_view payload, std::string* out) {
  REPL_CHECK(payload.size() <= kPayloadBytesMax, "payload of ", payload.size());
  const size_t start = out->size();
  out->resize(start + EncodedRecordBytes(payload.size()));
  char* record = out->data() + start;
  RecordHeader header{0,
                      static_cast<uint32_t>(payload.size()),
                      kRecordMagic,
                      position.epoch.value(),
                      position.lsn.value(),
                      ToNanos(time)};
  std::memcpy(record, &header, sizeof(header));
  std::memcpy(record + kRecordHeaderBytes, payload.data(), payload.size());
  header.checksum = Checksum(record, payload.size());
  std::memcpy(record, &header.checksum, sizeof(header.checksum));
}

ParseOutcome ParseRecord(absl::string_view data, RecordView* record) {
  RecordHeader header{};
  std::memcpy(&header, data.data(), std::min(data.size(), sizeof(header)));
  if (header.magic == 0 && header.checksum == 0 && header.lsn == 0) return ParseOutcome::kEnd;
  if (data.size() < sizeof(header) || header.magic != kRecordMagic ||
      header.size > kPayloadBytesMax) {
    return ParseOutcome::kInvalid;
  }
  const size_t encoded = EncodedRecordBytes(header.size);
  if (data.size() < encoded || Checksum(data.data(), header.size) != header.checksum) {
    return ParseOutcome::kInvalid;
  }
  // The checksum does not cover the padding, but equal positions must have equal bytes.
  const absl::string_view padding =
      data.substr(kRecordHeaderBytes + header.size, encoded - kRecordHeaderBytes - header.size);
  if (padding.find_first_not_of('\0') != absl::string_view::npos) return ParseOutcome::kInvalid;
  const absl::StatusOr<Epoch> epoch = ToEpoch(header.epoch);
  if (!epoch.ok()) return ParseOutcome::kInvalid;
  *record = {{*epoch, Lsn(header.lsn)},
             FromNanos(header.time_ns),
             data.substr(kRecordHeaderBytes, header.size),
             encoded};
  return ParseOutcome::kRecord;
}

size_t PeekRecordBytes(absl::string_view data) {
  REPL_CHECK(data.size() >= kRecordHeaderBytes, "a header needs more than ", data.size(), " bytes");
  RecordHeader header;
  std::memcpy(&header, data.data(), sizeof(header));
  REPL_CHECK(header.magic == kRecordMagic);
  return EncodedRecordBytes(header.size);
}

BatchPtr Slice(const BatchPtr& batch, Lsn first, Lsn last) {
  REPL_CHECK(batch->first <= first && first <= last && last <= batch->last, "slice [",
             first.value(), ", ", last.value(), "] of [", batch->first.value(), ", ",
             batch->last.value(), "]");
  if (first == batch->first && last == batch->last) return batch;
  auto slice = std::make_shared<RecordBatch>();
  slice->first = first;
  slice->last = last;
  absl::string_view rest = batch->bytes;
  for (Lsn lsn = batch->first; lsn < first; ++lsn) rest.remove_prefix(PeekRecordBytes(rest));
  size_t kept = 0;
  for (Lsn lsn = first; lsn <= last; ++lsn) kept += PeekRecordBytes(rest.substr(kept));
  slice->bytes.assign(rest.data(), kept);
  return slice;
}

BatchPtr ParseBatch(std::string bytes) {
  auto batch = std::make_shared<RecordBatch>();
  absl::string_view rest = bytes;
  Position previous;
  while (!rest.empty()) {
    RecordView record;
    if (ParseRecord(rest, &record) != ParseOutcome::kRecord) return nullptr;
    if (record.position.lsn == Lsn(0)) return nullptr;  // LSNs count from 1
    if (previous.lsn == Lsn(0)) {
      batch->first = record.position.lsn;
    } else if (record.position.lsn != previous.lsn + 1 || record.position.epoch < previous.epoch) {
      return nullptr;
    }
    previous = record.position;
    rest.remove_prefix(record.encoded_bytes);
  }
  if (previous.lsn == Lsn(0)) return nullptr;
  batch->last = previous.lsn;
  batch->bytes = std::move(bytes);
  return batch;
}

}  // namespace replsim
