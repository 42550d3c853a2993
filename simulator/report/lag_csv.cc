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

std::string LagCsvHead(bool repeated) {
  return absl::StrCat("t_ms,variant,", repeated ? "repeat," : "",
                      "replica,stage,entries,bytes,time_us,state\n");
}

std::string LagCsvRows(const RunAnalysis& run, bool repeated) {
  std::string who = Quoted(run.report.variant());
  if (repeated) absl::StrAppend(&who, ",", run.report.repeat());
  std::string csv;
  for (const LagSeries& series : run.lag) {
    for (size_t i = 0; i < series.samples.size(); ++i) {
      absl::StrAppend(&csv, i * (kLagSampleNs / 1'000'000), ",", who, ",", series.replica, ",",
                      series.stage);
      if (const std::optional<LagAt>& at = series.samples[i]) {
        absl::StrAppend(&csv, ",", at->entries, ",", at->bytes, ",", at->time_ns / 1000, ",");
      } else {
        absl::StrAppend(&csv, ",,,,");
      }
      absl::StrAppend(&csv, Name(series.states[i]), "\n");
    }
  }
  return csv;
}

absl::StatusOr<LagCsvFile> LagCsvFile::Create(const std::string& run_folder, bool repeated) {
  LagCsvFile csv;
  csv.path_ = LagCsvPath(run_folder);
  csv.repeated_ = repeated;
  csv.file_.open(csv.path_, std::ios::binary | std::ios::trunc);
  csv.file_ << LagCsvHead(repeated);
  if (!csv.file_) return CannotWrite(csv.path_);
  return csv;
}

absl::Status LagCsvFile::Add(const RunAnalysis& run) {
  file_ << LagCsvRows(run, repeated_);
  return file_ ? absl::OkStatus() : CannotWrite(path_);
}

absl::Status LagCsvFile::Close() {
  file_.close();
  return file_ ? absl::OkStatus() : CannotWrite(path_);
}

}  // namespace replsim
