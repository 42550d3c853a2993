// Builds, writes and reads report.json: a Report in the JSON of message_json.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// The version of report.json's format (Report.schema_version).
inline constexpr uint32_t kReportSchemaVersion = 2;

// The report on the recordings of one scenario, with its expectations judged. `answer` is the
// scenario's answer. The first form takes scenario and question from the recordings and holds all
// of them in memory. To save memory, analyze one recording after the other (AnalyzeRun), keep its
// report, and use the second form.
proto::Report BuildReport(const std::vector<Recording>& recordings, const std::string& answer,
                          const google::protobuf::RepeatedPtrField<proto::Expect>& expects);
proto::Report BuildReport(const std::string& scenario, const std::string& question,
                          const std::string& answer, const std::vector<proto::RunReport>& runs,
                          const google::protobuf::RepeatedPtrField<proto::Expect>& expects);

std::string ReportJson(const proto::Report& report);
// Writes report.json into the run folder.
absl::Status SaveReport(const std::string& run_folder, const proto::Report& report);
// Loads from the run folder, or from a recording's folder in it; then only that run, without
// expectations. Reads every schema version up to kReportSchemaVersion, and files without a version.
// FailedPrecondition for a newer version; NotFound if the folder has no report.
absl::StatusOr<proto::Report> LoadReport(const std::string& folder);

}  // namespace replsim
