// Any bytes as a node's stage trace: what is read is in order of time, and is written and read
// again equal.
#include <algorithm>
#include <cstring>

#include "simulator/recording/trace_file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/scratch_folder.h"

namespace replsim {

void FuzzOne(absl::string_view input) {
  static const ScratchFolder folder;
  const std::string path = folder.Write("trace", input);
  std::string cut;
  const absl::StatusOr<std::vector<TraceRecord>> trace = ReadTrace(path, &cut);
  if (!trace.ok()) return CheckRefusal(trace.status(), path);
  if (!cut.empty()) CheckRefusal(absl::DataLossError(cut), path);
  REPL_CHECK(std::is_sorted(
      trace->begin(), trace->end(),
      [](const TraceRecord& a, const TraceRecord& b) { return a.time_ns < b.time_ns; }));
  REPL_CHECK(WriteTrace(path, *trace).ok());
  const absl::StatusOr<std::vector<TraceRecord>> again = ReadTrace(path, &cut);
  REPL_CHECK(again.ok() && again->size() == trace->size());
  REPL_CHECK(trace->empty() ||
             std::memcmp(again->data(), trace->data(), trace->size() * sizeof(TraceRecord)) == 0);
}

std::vector<std::string> FuzzSeeds() {
  std::vector<TraceRecord> records;
  for (const TraceKind kind : {TraceKind::kStarted, TraceKind::kLeads, TraceKind::kAppend,
                               TraceKind::kSend, TraceKind::kFlushEnd}) {
    TraceRecord record;
    record.kind = static_cast<uint8_t>(kind);
    record.epoch = 1;
    record.lsn = records.size();
    record.bytes = 100 * records.size();
    record.time_ns = 1'000 + static_cast<int64_t>(records.size());
    records.push_back(record);
  }
  return {BytesOf([&](const std::string& path) { return WriteTrace(path, records); })};
}

}  // namespace replsim
