#include "simulator/command/report_outputs.h"

#include <cstdio>

#include "common/base/status.h"
#include "simulator/command/output_paths.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/report/junit.h"
#include "simulator/report/markdown.h"
#include "simulator/report/report_file.h"

namespace replsim {

absl::Status CheckOutputs(const ReportOutputs& outputs) {
  if (outputs.json == "-" && outputs.markdown == "-") {
    return absl::InvalidArgumentError(
        "--json - and --markdown - both write to stdout; expected a file for one of them");
  }
  if (outputs.json != "-") REPL_RETURN_IF_ERROR(CheckCanWrite("--json", outputs.json));
  if (outputs.markdown != "-") REPL_RETURN_IF_ERROR(CheckCanWrite("--markdown", outputs.markdown));
  return CheckCanWrite("--junit", outputs.junit);
}

absl::Status WriteOutputs(const ReportOutputs& outputs, const proto::Report& report) {
  if (!outputs.junit.empty()) REPL_RETURN_IF_ERROR(WriteFileBytes(outputs.junit, JUnitXml(report)));
  REPL_RETURN_IF_ERROR(WriteFileOrStdout(outputs.markdown, MarkdownReport(report)));
  return WriteFileOrStdout(outputs.json, ReportJson(report));
}

absl::Status WriteFileOrStdout(const std::string& path, const std::string& text) {
  if (path.empty()) return absl::OkStatus();
  if (path != "-") return WriteFileBytes(path, text);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return absl::OkStatus();
}

}  // namespace replsim
