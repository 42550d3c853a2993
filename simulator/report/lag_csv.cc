#include "simulator/report/lag_csv.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"

namespace replsim {
namespace {

std::string Quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

}  // namespace

std::string LagCsv(const std::vector<RunAnalysis>& runs) {
  std::string csv = "t_ms,variant,replica,stage,entries,bytes,time_us\n";
  for (const RunAnalysis& run : runs) {
    const std::string variant = Quoted(run.report.variant());
    for (const LagSeries& series : run.lag) {
      for (size_t i = 0; i < series.samples.size(); ++i) {
        absl::StrAppend(&csv, i * (kLagSampleNs / 1'000'000), ",", variant, ",", series.replica,
                        ",", series.stage);
        if (const std::optional<LagAt>& at = series.samples[i]) {
          absl::StrAppend(&csv, ",", at->entries, ",", at->bytes, ",", at->time_ns / 1000, "\n");
        } else {
          absl::StrAppend(&csv, ",,,\n");
        }
      }
    }
  }
  return csv;
}

absl::Status SaveLagCsv(const std::string& run_folder, const std::vector<RunAnalysis>& runs) {
  return WriteFileBytes(LagCsvPath(run_folder), LagCsv(runs));
}

}  // namespace replsim
