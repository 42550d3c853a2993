// A log under test, and a model of its expected contents.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/storage/file/memory_file_system.h"
#include "common/storage/log/log.h"
#include "common/storage/log/segment.h"
#include "tests/support/faulty_file_system.h"

namespace replsim {

inline constexpr char kRollback[] = "node/rollback/1";

inline std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

// Creates the records of a log and remembers them for comparison.
class Model {
 public:
  // Returns `count` more records of `epoch`, with payloads of up to `payload_max` bytes.
  RecordBatch Next(uint64_t count, Rng& rng, size_t payload_max, Epoch epoch = Epoch(1)) {
    RecordBatch batch{last() + 1, last() + count, ""};
    for (uint64_t i = 0; i < count; ++i) {
      std::string payload(rng.Below(payload_max + 1), '\0');
      for (char& c : payload) c = static_cast<char>(rng.Below(256));
      const Lsn lsn = last() + 1;
      const size_t begin = bytes_.size();
      AppendRecord({epoch, lsn}, FromNanos(static_cast<int64_t>(lsn.value())), payload, &bytes_);
      batch.bytes += bytes_.substr(begin);
      ends_.push_back(bytes_.size());
    }
    return batch;
  }

  void TruncateTo(Lsn last) {
    ends_.resize(last.value() + 1);
    bytes_.resize(ends_.back());
  }
  Lsn last() const { return Lsn(ends_.size() - 1); }
  uint64_t BytesAt(Lsn lsn) const { return ends_[lsn.value()]; }
  std::string Bytes(Lsn first, Lsn last) const {
    return bytes_.substr(BytesAt(first - 1), BytesAt(last) - BytesAt(first - 1));
  }

 private:
  std::string bytes_;
  std::vector<uint64_t> ends_ = {0};  // byte offset of the end of the record with LSN i
};

inline std::unique_ptr<Log> Open(FileSystem& fs, LogOptions options, Recovery* recovery = nullptr) {
  Recovery ignored;
  auto log = Log::Open(fs, "node", options, recovery ? recovery : &ignored);
  EXPECT_TRUE(log.ok()) << log.status();
  return log.ok() ? *std::move(log) : nullptr;
}

inline absl::Status OpenError(FileSystem& fs, LogOptions options = {}) {
  Recovery recovery;
  return Log::Open(fs, "node", options, &recovery).status();
}

// Returns the whole log as Read delivers it.
inline std::string Contents(Log& log, uint64_t bytes_max = 4096) {
  std::string bytes;
  for (Lsn next(1); next <= log.last();) {
    const auto batch = log.Read(next, bytes_max);
    EXPECT_TRUE(batch.ok()) << batch.status();
    if (!batch.ok() || (*batch)->first != next || (*batch)->last < next) return "no progress";
    EXPECT_TRUE((*batch)->bytes.size() <= bytes_max || (*batch)->last == next);
    bytes += (*batch)->bytes;
    next = (*batch)->last + 1;
  }
  return bytes;
}

inline void ExpectSame(Log& log, const Model& model) {
  EXPECT_EQ(log.last(), model.last());
  EXPECT_EQ(log.bytes(), model.BytesAt(model.last()));
  EXPECT_TRUE(Contents(log) == model.Bytes(Lsn(1), model.last())) << "other bytes";
}

inline std::vector<std::string> Segments(FileSystem& fs) {
  std::vector<std::string> paths;
  const auto names = fs.List("node");
  for (const std::string& name : *names) {
    if (ParseSegmentName(name)) paths.push_back("node/" + name);
  }
  return paths;
}

inline void Overwrite(FileSystem& fs, const std::string& path, absl::string_view bytes) {
  const auto file = fs.Open(path, true);
  ASSERT_TRUE((*file)->Truncate(0).ok() && (*file)->WriteAt(0, bytes).ok());
}

// Returns the whole disk, to check that a refusal has not changed it.
inline std::string DiskImage(FileSystem& fs) {
  std::string image;
  for (const std::string& path : Segments(fs)) {
    absl::StrAppend(&image, path, *ReadWholeFile(fs, path));
  }
  return image;
}

}  // namespace replsim
