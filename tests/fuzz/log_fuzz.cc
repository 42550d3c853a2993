// Any bytes as a log's files. Opening either returns an error and leaves the files unchanged, or
// gives a log that is dense and can be read, appended to and reopened without another truncation.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "common/base/check.h"
#include "common/storage/file/memory_file_system.h"
#include "common/storage/log/log.h"
#include "common/storage/log/segment.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/records.h"

namespace replsim {
namespace {

constexpr LogOptions kOptions{512, 128};

void MustBeOk(const absl::Status& status) { REPL_CHECK(status.ok(), status.ToString()); }

void WriteFile(FileSystem& disk, const std::string& path, absl::string_view bytes) {
  auto file = disk.Open(path, true);
  MustBeOk(file.status());
  MustBeOk((*file)->Truncate(0));
  MustBeOk((*file)->WriteAt(0, bytes));
}

std::string Image(FileSystem& disk) {
  std::string image;
  const auto names = disk.List("log");
  for (const std::string& name : *names) image += name + *ReadWholeFile(disk, "log/" + name);
  return image;
}

RecordBatch NextBatch(Position last, uint64_t count) {
  RecordBatch batch{last.lsn + 1, last.lsn + count, ""};
  for (Lsn lsn = batch.first; lsn <= batch.last; ++lsn) {
    AppendRecord({last.epoch, lsn}, FromNanos(0), std::string(lsn.value() % 50, 'v'), &batch.bytes);
  }
  return batch;
}

// One of: a raw file of the input, one with a valid header before it, or a valid log of several
// segments with some bytes changed. Three bytes of input say where and to what.
void Prepare(FileSystem& disk, uint8_t kind, absl::string_view input) {
  MustBeOk(disk.MakeFolder("log"));
  const std::string first = "log/" + SegmentName(Lsn(1));
  if (kind % 3 == 0) return WriteFile(disk, first, input);
  if (kind % 3 == 1) {
    return WriteFile(disk, first, EncodeSegmentHeader(Lsn(1)) + std::string(input));
  }
  Recovery recovery;
  auto log = Log::Open(disk, "log", kOptions, &recovery);
  for (int i = 0; i < 12; ++i) {
    MustBeOk((*log)->Append(NextBatch({Epoch(1), (*log)->last()}, 2)));
  }
  const auto names = disk.List("log");
  for (; input.size() >= 3; input.remove_prefix(3)) {
    const auto at = static_cast<uint8_t>(input[0]);
    const auto file = disk.Open("log/" + (*names)[at % names->size()], false);
    const uint64_t size = *(*file)->Size();
    const uint64_t offset =
        (at / names->size() * 256 + static_cast<uint8_t>(input[1])) % (size + 1);
    MustBeOk(input[2] == 'T' ? (*file)->Truncate(offset)
                             : (*file)->WriteAt(offset, input.substr(2, 1)));
  }
}

void CheckReads(Log& log) {
  uint64_t bytes = 0;
  for (Lsn next(1); next <= log.last();) {
    const auto batch = log.Read(next, 300);
    MustBeOk(batch.status());
    const BatchPtr parsed = ParseBatch((*batch)->bytes);
    REPL_CHECK(parsed && parsed->first == next && parsed->last == (*batch)->last);
    bytes += parsed->bytes.size();
    REPL_CHECK(log.BytesAt(parsed->last) == bytes);
    next = parsed->last + 1;
  }
  REPL_CHECK(log.bytes() == bytes);
}

void OpenAndUse(FileSystem& disk) {
  const std::string before = Image(disk);
  Recovery seen;
  const absl::Status readable = ReadLog(disk, "log", &seen, nullptr);
  Recovery recovery;
  auto log = Log::Open(disk, "log", kOptions, &recovery);
  REPL_CHECK(readable == log.status());
  if (!log.ok()) {
    REPL_CHECK(Image(disk) == before);
    return;
  }
  REPL_CHECK(seen.last == recovery.last && seen.cut == recovery.cut);
  CheckReads(**log);
  const RecordBatch more = NextBatch(recovery.last, 3);
  MustBeOk((*log)->Append(more));
  MustBeOk((*log)->Flush());
  CheckReads(**log);
  log->reset();
  log = Log::Open(disk, "log", kOptions, &recovery);
  MustBeOk(log.status());
  REPL_CHECK(recovery.last.lsn == more.last && recovery.cut.empty(), recovery.cut);
}

}  // namespace

void FuzzOne(absl::string_view input) {
  if (input.empty()) return;
  MemoryFileSystem disk;
  Prepare(disk, static_cast<uint8_t>(input[0]), input.substr(1));
  OpenAndUse(disk);
}

std::vector<std::string> FuzzSeeds() {
  const std::string records = SomeRecords(1, 1, 3);
  return {std::string(1, '\0') + EncodeSegmentHeader(Lsn(1)) + records,
          std::string(1, '\1') + records, std::string("\2\1\x60x\3\x40T")};
}

}  // namespace replsim
