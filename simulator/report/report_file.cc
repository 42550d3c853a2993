#include "simulator/report/report_file.h"

#include <google/protobuf/util/json_util.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/base/version.h"
#include "simulator/analysis/compare/expectations.h"
#include "simulator/analysis/run_report.h"
#include "simulator/analysis/verdict.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/message_json.h"

namespace replsim {
namespace {

absl::StatusOr<proto::Report> ParseReport(const std::string& path) {
  REPL_ASSIGN_OR_RETURN(const std::string json, ReadFileBytes(path));
  proto::Report report;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;  // written by a newer replsim
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &report, options);
  if (!parsed.ok()) {
    return absl::DataLossError(
        absl::StrCat(path, " is not a report: ", parsed.message().ToString()));
  }
  if (report.schema_version() > kReportSchemaVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " has schema version ", report.schema_version(), " (replsim ",
                     report.replsim_version(), "); replsim ", Version(), " reads versions up to ",
                     kReportSchemaVersion, ": use the newer program"));
  }
  return report;
}

// The report of the one recording in `folder`, without the other runs of its report.
absl::StatusOr<proto::Report> LoadOfRecording(const std::string& folder) {
  const std::string run = std::filesystem::path(folder).lexically_normal().parent_path().string();
  REPL_ASSIGN_OR_RETURN(const proto::Manifest manifest, ReadManifest(folder));
  REPL_ASSIGN_OR_RETURN(proto::Report report, ParseReport(ReportPath(run)));
  proto::Report one = report;
  one.clear_runs();
  one.clear_expectations();
  for (const proto::RunReport& other : report.runs()) {
    if (other.variant() == manifest.variant() && other.repeat() == manifest.repeat()) {
      *one.add_runs() = other;
    }
  }
  SetVerdict(one);
  if (one.runs().empty()) {
    return absl::NotFoundError(
        absl::StrCat(ReportPath(run), " has no variant ", manifest.variant(),
                     manifest.repeat() > 0 ? absl::StrCat(", repeat ", manifest.repeat()) : ""));
  }
  return one;
}

}  // namespace

proto::Report BuildReport(const std::vector<Recording>& recordings, const std::string& answer,
                          const google::protobuf::RepeatedPtrField<proto::Expect>& expects) {
  std::vector<proto::RunReport> runs;
  for (const Recording& recording : recordings) runs.push_back(AnalyzeRun(recording).report);
  const proto::Manifest first = recordings.empty() ? proto::Manifest() : recordings[0].manifest;
  return BuildReport(first.scenario(), first.question(), answer, runs, expects);
}

proto::Report BuildReport(const std::string& scenario, const std::string& question,
                          const std::string& answer, const std::vector<proto::RunReport>& runs,
                          const google::protobuf::RepeatedPtrField<proto::Expect>& expects) {
  proto::Report report;
  report.set_schema_version(kReportSchemaVersion);
  report.set_replsim_version(std::string(Version()));
  report.set_scenario(scenario);
  report.set_question(question);
  report.set_answer(answer);
  for (const proto::RunReport& run : runs) *report.add_runs() = run;
  for (proto::ExpectationResult& result : JudgeExpectations(expects, report.runs())) {
    *report.add_expectations() = std::move(result);
  }
  SetVerdict(report);
  return report;
}

std::string ReportJson(const proto::Report& report) { return MessageJson(report).ToText(); }

absl::Status SaveReport(const std::string& run_folder, const proto::Report& report) {
  return WriteFileBytes(ReportPath(run_folder), ReportJson(report));
}

absl::StatusOr<proto::Report> LoadReport(const std::string& folder) {
  std::error_code error;
  if (std::filesystem::exists(ReportPath(folder), error)) return ParseReport(ReportPath(folder));
  if (std::filesystem::exists(ManifestPath(folder), error)) return LoadOfRecording(folder);
  return absl::NotFoundError(absl::StrCat(
      folder,
      " contains neither report.json nor manifest.json: expected the folder of a completed run"));
}

}  // namespace replsim
