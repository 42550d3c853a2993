// lag.csv of a run folder: one row per 100 ms, variant, replica and stage, for spreadsheets and
// plots. An unknown value is an empty field. Written run by run, so that only one run is in memory.
#pragma once

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "simulator/analysis/run_report.h"

namespace replsim {

// The columns: t_ms,variant,replica,stage,entries,bytes,time_us,state; t_ms counts from the start
// of the load. If runs are `repeated`, a column `repeat` follows the variant.
std::string LagCsvHead(bool repeated);
std::string LagCsvRows(const RunAnalysis& run, bool repeated);

class LagCsvFile {
 public:
  // Creates or replaces the file in the run folder.
  static absl::StatusOr<LagCsvFile> Create(const std::string& run_folder, bool repeated);
  absl::Status Add(const RunAnalysis& run);
  absl::Status Close();  // OK: all rows have been written to the kernel

 private:
  std::string path_;
  bool repeated_ = false;
  std::ofstream file_;
};

}  // namespace replsim
