#include "common/storage/log/segment_list.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/status.h"

namespace replsim {
namespace {

// The number of batches in recent_.
constexpr size_t kRecentBatches = 1024;

absl::Status DamagedSince(const std::string& path, uint64_t offset, Lsn lsn) {
  return absl::DataLossError(
      absl::StrCat(path, ": the record at offset ", offset, ", LSN ", lsn.value(),
                   ", was intact when written and is now corrupt: restore this node from another "
                   "replica: delete its folder and restart it"));
}

}  // namespace

std::shared_ptr<File> SegmentList::back_file() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return segments_.back()->file;
}

Lsn SegmentList::first() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return front_.first();
}

Position SegmentList::last() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return last_;
}

uint64_t SegmentList::bytes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return bytes_;
}

void SegmentList::Add(Segment segment) {
  const std::lock_guard<std::mutex> lock(mutex_);
  segments_.push_back(std::make_unique<Segment>(std::move(segment)));
}

void SegmentList::Opened(const LogFront& front, Position last, uint64_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  front_ = front;
  last_ = last;
  bytes_ = bytes;
}

// A batch that breaks the rules of the log would make it unreadable, so it is never written.
void SegmentList::CheckFollows(const RecordBatch& batch) const {
  REPL_CHECK(batch.first == last_.lsn + 1 && batch.first <= batch.last, folder_,
             ": append of LSNs ", batch.first.value(), " to ", batch.last.value(), " after ",
             ToString(last_));
  Position previous = last_;
  for (absl::string_view rest = batch.bytes; !rest.empty();) {
    const std::optional<RecordOutline> record = PeekRecord(rest);
    REPL_CHECK(record, folder_, ": append of bytes that are not a record after ",
               ToString(previous));
    REPL_CHECK(record->position.lsn == previous.lsn + 1 && record->position.epoch >= previous.epoch,
               folder_, ": append of ", ToString(record->position), " after ", ToString(previous));
    previous = record->position;
    rest.remove_prefix(record->encoded_bytes);
  }
  REPL_CHECK(previous.lsn == batch.last, folder_, ": a batch up to LSN ", batch.last.value(),
             " ends at ", ToString(previous));
}

void SegmentList::Written(const RecordBatch& batch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Segment& segment = *segments_.back();
  for (absl::string_view rest = batch.bytes; !rest.empty();) {
    const RecordOutline record = *PeekRecord(rest);
    last_ = record.position;
    segment.index.Add(last_.lsn, segment.end);
    segment.end += record.encoded_bytes;
    rest.remove_prefix(record.encoded_bytes);
  }
  bytes_ += batch.bytes.size();
  recent_.emplace_back(last_.lsn, bytes_);
  if (recent_.size() > kRecentBatches) recent_.pop_front();
}

void SegmentList::RemoveBack() {
  const std::lock_guard<std::mutex> lock(mutex_);
  segments_.pop_back();
}

void SegmentList::RemoveFront(size_t count, const LogFront& front) {
  const std::lock_guard<std::mutex> lock(mutex_);
  segments_.erase(segments_.begin(), segments_.begin() + static_cast<std::ptrdiff_t>(count));
  front_ = front;
}

void SegmentList::CutTo(Position last, uint64_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Segment& segment = *segments_.back();
  segment.end = kSegmentHeaderBytes + bytes - segment.bytes_before;
  segment.index.TruncateTo(last.lsn);
  last_ = last;
  bytes_ = bytes;
  while (!recent_.empty() && recent_.back().first > last.lsn) recent_.pop_back();
}

std::optional<SegmentList::CurveInterval> SegmentList::Locate(Lsn lsn) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (lsn < front_.first()) return std::nullopt;
  const auto after =
      std::upper_bound(segments_.begin(), segments_.end(), lsn,
                       [](Lsn l, const auto& segment) { return l < segment->first; });
  REPL_CHECK(after != segments_.begin() && lsn <= last_.lsn, folder_, ": requested LSN ",
             lsn.value(), ", the log ends at ", ToString(last_));
  const Segment& segment = **(after - 1);
  const SegmentIndex::Entry entry = segment.index.Before(lsn);
  const std::optional<SegmentIndex::Entry> next = segment.index.After(lsn);
  return CurveInterval{
      segment.path, segment.file,        entry.lsn, entry.offset, next ? next->offset : segment.end,
      segment.end,  segment.bytes_before};
}

std::optional<uint64_t> SegmentList::BytesAt(Lsn lsn) const {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (lsn < front_.before.lsn) return std::nullopt;
    if (lsn == front_.before.lsn) return front_.bytes;
    if (lsn == last_.lsn) return bytes_;
    const auto at = std::lower_bound(recent_.begin(), recent_.end(), lsn,
                                     [](const auto& batch, Lsn l) { return batch.first < l; });
    if (at != recent_.end() && at->first == lsn) return at->second;
  }
  const std::optional<CurveInterval> located = Locate(lsn);
  if (!located) return std::nullopt;
  const CurveInterval& stretch = *located;
  const absl::StatusOr<std::string> data =
      stretch.file->ReadAt(stretch.begin, stretch.end - stretch.begin);
  REPL_CHECK(data.ok(), data.status().ToString());
  absl::string_view rest = *data;
  for (Lsn at = stretch.lsn;; ++at) {
    const std::optional<RecordOutline> record = PeekRecord(rest);
    const uint64_t offset = stretch.begin + (data->size() - rest.size());
    REPL_CHECK(record && record->position.lsn == at,
               DamagedSince(stretch.path, offset, at).ToString());
    if (at == lsn) {
      return stretch.bytes_before + offset + record->encoded_bytes - kSegmentHeaderBytes;
    }
    rest.remove_prefix(record->encoded_bytes);
  }
}

absl::Status SegmentList::NotInLog(Lsn lsn) const {
  return absl::OutOfRangeError(absl::StrCat(folder_, ": no record with LSN ", lsn.value(),
                                            ": the log contains ", first().value(), " to ",
                                            last().lsn.value()));
}

absl::StatusOr<BatchPtr> SegmentList::Read(Lsn from, uint64_t bytes_max) const {
  const Lsn end = last().lsn;
  if (from < first() || from > end) return NotInLog(from);
  auto batch = std::make_shared<RecordBatch>();
  batch->first = from;
  Lsn next = from;
  while (next <= end && batch->bytes.size() < std::max<uint64_t>(bytes_max, 1)) {
    REPL_ASSIGN_OR_RETURN(const Lsn past, ReadInto(next, bytes_max, &batch->bytes));
    if (past == next) break;
    next = past;
  }
  batch->last = next - 1;
  return batch;
}

// Appends to *out the records of one segment from `from` on, while *out stays within bytes_max. If
// *out is empty, at least one record is appended. Returns the LSN after the last one.
absl::StatusOr<Lsn> SegmentList::ReadInto(Lsn from, uint64_t bytes_max, std::string* out) const {
  const std::optional<CurveInterval> located = Locate(from);
  if (!located) return NotInLog(from);  // dropped meanwhile
  const CurveInterval& stretch = *located;
  const uint64_t ahead = std::min(bytes_max, stretch.segment_end - stretch.end);
  const uint64_t wanted = stretch.end - stretch.begin + ahead;
  REPL_ASSIGN_OR_RETURN(const std::string data, stretch.file->ReadAt(stretch.begin, wanted));
  absl::string_view rest = data;
  Lsn at = stretch.lsn;
  uint64_t offset = stretch.begin;
  const uint64_t end = stretch.begin + wanted;
  while (offset < end) {
    RecordView record;
    const std::optional<RecordOutline> outline = PeekRecord(rest);
    // The data may end within a record. That record is left for the next read.
    if (at > from && !outline && end < stretch.segment_end) break;
    if (!outline || outline->position.lsn != at) return DamagedSince(stretch.path, offset, at);
    if (at >= from) {
      if (!out->empty() && out->size() + outline->encoded_bytes > bytes_max) break;
      if (ParseRecord(rest, &record) != ParseOutcome::kRecord) {
        return DamagedSince(stretch.path, offset, at);
      }
      out->append(rest.data(), outline->encoded_bytes);
    }
    rest.remove_prefix(outline->encoded_bytes);
    offset += outline->encoded_bytes;
    ++at;
  }
  return at;
}

absl::StatusOr<Position> SegmentList::PositionAt(Lsn lsn) const {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (lsn == front_.before.lsn) return front_.before;
  }
  REPL_ASSIGN_OR_RETURN(const BatchPtr record, Read(lsn, 0));
  return PeekRecord(record->bytes)->position;
}

}  // namespace replsim
