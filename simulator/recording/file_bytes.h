// Whole files in and out, with errors that name the file and the reason.
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

// The most that is read of one file of text, and of one of records.
inline constexpr uint64_t kTextBytesMax = uint64_t{256} << 20;
inline constexpr uint64_t kRecordBytesMax = uint64_t{16} << 30;

// NotFound where there is no such file; of others see ReadInputFile.
absl::StatusOr<std::string> ReadFileBytes(const std::string& path, uint64_t limit = kTextBytesMax);
// A file of fixed-size records behind a header, straight into memory: `rest` is what is left of a
// record that is not whole. A file shorter than the header gives what there is of it.
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
// For a stream that has just failed: "cannot write PATH: REASON", the reason from errno.
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
  result.records.resize(body / sizeof(Record) + 1);  // room for a record that is not whole
  char* to = reinterpret_cast<char*>(result.records.data());
  REPL_ASSIGN_OR_RETURN(const size_t got, file.Read(to, body));
  result.records.resize(got / sizeof(Record));
  result.rest = got % sizeof(Record);
  return result;
}

}  // namespace replsim
