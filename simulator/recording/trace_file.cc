#include "simulator/recording/trace_file.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/plausible_time.h"

namespace replsim {

absl::StatusOr<std::vector<TraceRecord>> ReadTrace(const std::string& path, std::string* cut) {
  REPL_ASSIGN_OR_RETURN(RecordFile<TraceRecord> file, ReadRecordFile<TraceRecord>(path, 0));
  std::vector<TraceRecord>& records = file.records;
  if (file.rest != 0) *cut = absl::StrCat(path, " ends inside a record: the rest is missing");
  const auto end = std::find_if(records.begin(), records.end(),
                                [](const TraceRecord& record) { return record.time_ns == 0; });
  records.erase(end, records.end());
  const auto damaged =
      std::find_if_not(records.begin(), records.end(),
                       [](const TraceRecord& record) { return IsPlausibleTime(record.time_ns); });
  if (damaged != records.end()) {
    return absl::DataLossError(absl::StrCat(
        path, " is damaged: record ", damaged - records.begin() + 1, " has an impossible time"));
  }
  // Records may be slightly out of order: threads read the clock before they queue for the file.
  const auto earlier = [](const TraceRecord& a, const TraceRecord& b) {
    return a.time_ns < b.time_ns;
  };
  if (!std::is_sorted(records.begin(), records.end(), earlier)) {
    std::stable_sort(records.begin(), records.end(), earlier);
  }
  return std::move(records);
}

absl::Status WriteTrace(const std::string& path, const std::vector<TraceRecord>& records) {
  std::string bytes(records.size() * sizeof(TraceRecord), '\0');
  if (!records.empty()) std::memcpy(bytes.data(), records.data(), bytes.size());
  return WriteFileBytes(path, bytes);
}

}  // namespace replsim
