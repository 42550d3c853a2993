// Reads and writes whole files. Errors name the file and the reason.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/status.h"
#include "common/file/input_file.h"

namespace replsim {

// Limits in bytes for reading one text file and one file of records.
inline constexpr uint64_t kTextBytesMax = uint64_t{256} << 20;
inline constexpr uint64_t kRecordBytesMax = uint64_t{16} << 30;

// NotFound if the file does not exist; ReadInputFile lists the other errors.
absl::StatusOr<std::string> ReadFileBytes(const std::string& path, uint64_t limit = kTextBytesMax);
// A file of fixed-size records after a header. `rest`: number of bytes of an incomplete last
// record. A file shorter than the header yields a shorter `header`.
template <typename Record>
struct RecordFile {
  std::string header;
  std::vector<Record> records;
  size_t rest = 0;
};
template <typename Record>
absl::StatusOr<RecordFile<Record>> ReadRecordFile(const std::string& path, size_t header_bytes);
// Replaces the file.
absl::Status WriteFileBytes(const std::string& path, absl::string_view bytes);
// For a stream that has just failed: Unavailable "cannot write PATH: REASON", with the reason from
// errno.
absl::Status CannotWrite(const std::string& path);

template <typename Record>
absl::StatusOr<RecordFile<Record>> ReadRecordFile(const std::string& path, size_t header_bytes) {
  static_assert(std::is_trivially_copyable_v<Record>);
  REPL_ASSIGN_OR_RETURN(InputFile file, InputFile::Open(path));
  if (file.size() > kRecordBytesMax) return TooLarge(path, kRecordBytesMax);
  RecordFile<Record> result;
  result.header.resize(header_bytes);
  REPL_ASSIGN_OR_RETURN(const size_t header, file.Read(result.header.data(), header_bytes));
  result.header.resize(header);
  const size_t body = file.size() - std::min<uint64_t>(header, file.size());
  result.records.resize(body / sizeof(Record) + 1);  // room for an incomplete record
  char* to = reinterpret_cast<char*>(result.records.data());
  REPL_ASSIGN_OR_RETURN(const size_t got, file.Read(to, body));
  result.records.resize(got / sizeof(Record));
  result.rest = got % sizeof(Record);
  return result;
}

}  // namespace replsim
