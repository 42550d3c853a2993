// Rows of a Jepsen history, joined to operations.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/history/datum.h"
#include "simulator/history/datum_arena.h"
#include "simulator/history/read_options.h"

namespace replsim::history {

// The name of the logger through which Jepsen logs operations.
inline constexpr absl::string_view kOperationLogger = "jepsen.util";

// One operation, joined from its two rows. Texts refer to the file or to
// Rows::decoded.
struct Row {
  enum class End : uint8_t { kOk, kFail, kInfo, kNone };
  uint32_t process = 0;
  absl::string_view f;
  const char* f_place = nullptr;  // where the file says f; the beginning of a row without it
  Datum key;                      // the value of `:key`; nil: none
  Datum invoked;                  // the value of the invocation
  Datum value;  // the value of the answer, or of the invocation if the answer has none
  int64_t begin = 0;
  int64_t end = 0;
  uint32_t line = 0;
  uint32_t end_line = 0;
  End ended = End::kNone;
};

struct Rows {
  std::vector<Row> rows;  // in order of begin
  DatumArena data;        // items of the rows' values
  // Texts of strings with escapes, to which the rows refer. A move does not move the texts.
  std::deque<std::string> decoded;
  bool has_times = false;
  std::vector<std::string> processes;
  uint64_t left_out = 0;          // number of rows of non-clients such as the nemesis
  std::vector<FaultBand> faults;  // the same rows as faults, for drawings
};

// Reads maps of EDN or JSON (:process :type :f :value :time :key). `text` must outlive the rows.
// InvalidArgument with file, line and column if rows do not match: an answer without an invocation,
// two concurrent operations of one process, a process that continues after :info.
absl::StatusOr<Rows> ReadJepsenRows(absl::string_view text, const std::string& name, bool json);
// Reads lines such as "INFO  jepsen.util - 0 :invoke :read nil". Lines of other loggers are
// ignored.
absl::StatusOr<Rows> ReadJepsenLogRows(absl::string_view text, const std::string& name);

}  // namespace replsim::history
