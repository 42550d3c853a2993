// Rows of a Jepsen history: what a process began, and how that ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/history/datum.h"
#include "simulator/history/read_options.h"

namespace replsim::history {

// An operation: its two rows joined. Texts point into the file.
struct Row {
  enum class End : uint8_t { kOk, kFail, kInfo, kNone };
  uint32_t process = 0;
  absl::string_view f;
  Datum key;      // of `:key`; nil: none
  Datum invoked;  // the value of the invocation
  Datum value;    // the value of the answer; of the invocation where the answer has none
  int64_t begin = 0;
  int64_t end = 0;
  uint32_t line = 0;
  uint32_t end_line = 0;
  End ended = End::kNone;
};

struct Rows {
  std::vector<Row> rows;  // in order of their begin
  bool has_times = false;
  std::vector<std::string> processes;
  uint64_t left_out = 0;          // rows of what is no client: nemesis, and the like
  std::vector<FaultBand> faults;  // the same rows, for drawings
};

// From maps of EDN or JSON (:process :type :f :value :time :key). `text` outlives the rows.
// InvalidArgument with file and line where rows do not fit together: an answer to nothing, two
// operations of one process at once, a process that goes on after :info.
absl::StatusOr<Rows> ReadJepsenRows(absl::string_view text, const std::string& name, bool json);
// From "INFO  jepsen.util - 0 :invoke :read nil".
absl::StatusOr<Rows> ReadJepsenLogRows(absl::string_view text, const std::string& name);

}  // namespace replsim::history
