// report.json: a Report as message_json.h writes it.
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

// What report.json says of its own format (Report.schema_version).
inline constexpr uint32_t kReportSchemaVersion = 1;

// What the recordings of one scenario say together, its expectations judged. Scenario and question
// come from the recordings; `answer` is the scenario's sentence. To spare memory, analyse one
// recording after the other (AnalyzeRun), keep its report, and use the second form.
proto::Report BuildReport(const std::vector<Recording>& recordings, const std::string& answer,
                          const google::protobuf::RepeatedPtrField<proto::Expect>& expects);
proto::Report BuildReport(const std::string& scenario, const std::string& question,
                          const std::string& answer, const std::vector<proto::RunReport>& runs,
                          const google::protobuf::RepeatedPtrField<proto::Expect>& expects);

std::string ReportJson(const proto::Report& report);
// report.json of the run folder.
absl::Status SaveReport(const std::string& run_folder, const proto::Report& report);
// Takes the run folder, or a recording's folder in it: then only that run, without expectations.
// Reads every schema version up to kReportSchemaVersion, and files without one.
absl::StatusOr<proto::Report> LoadReport(const std::string& folder);

}  // namespace replsim
