// lag.csv of a run folder: a row per 100 ms, variant, replica and stage, for spreadsheets and
// plots. An unknown value is an empty field. Written run by run, so that only one is in memory.
#pragma once

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "simulator/analysis/run_report.h"

namespace replsim {

// t_ms,variant,replica,stage,entries,bytes,time_us; t_ms counts from the beginning of the load.
// Where runs are `repeated`, `repeat` stands behind the variant.
std::string LagCsvHead(bool repeated);
std::string LagCsvRows(const RunAnalysis& run, bool repeated);

class LagCsvFile {
 public:
  // Replaces the file of the run folder.
  static absl::StatusOr<LagCsvFile> Create(const std::string& run_folder, bool repeated);
  absl::Status Add(const RunAnalysis& run);
  absl::Status Close();  // what was added is with the kernel when this is OK

 private:
  std::string path_;
  bool repeated_ = false;
  std::ofstream file_;
};

}  // namespace replsim
