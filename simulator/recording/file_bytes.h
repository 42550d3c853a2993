// Whole files in and out, with errors that name the file and the reason.
#pragma once

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// NotFound where there is no such file.
absl::StatusOr<std::string> ReadFileBytes(const std::string& path);
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

// The size of the file at `path`, which is now open in `file`, at its beginning.
absl::StatusOr<size_t> OpenToRead(const std::string& path, std::ifstream& file);
// For a stream that has just failed, as CannotWrite.
absl::Status CannotRead(const std::string& path);

template <typename Record>
absl::StatusOr<RecordFile<Record>> ReadRecordFile(const std::string& path, size_t header_bytes) {
  static_assert(std::is_trivially_copyable_v<Record>);
  std::ifstream file;
  absl::StatusOr<size_t> size = OpenToRead(path, file);
  if (!size.ok()) return size.status();
  RecordFile<Record> result;
  result.header.resize(std::min(*size, header_bytes));
  const size_t body = *size - result.header.size();
  result.records.resize(body / sizeof(Record));
  result.rest = body % sizeof(Record);
  file.read(result.header.data(), static_cast<std::streamsize>(result.header.size()));
  if (!result.records.empty()) {
    file.read(reinterpret_cast<char*>(result.records.data()),
              static_cast<std::streamsize>(result.records.size() * sizeof(Record)));
  }
  if (!file) return CannotRead(path);
  return result;
}

}  // namespace replsim
