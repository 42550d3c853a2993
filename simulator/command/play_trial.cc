#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/base/status.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/play_command.h"
#include "simulator/command/virtual_run.h"
#include "simulator/play/play_answer.h"
#include "simulator/report/page/report_page.h"
#include "simulator/report/report_file.h"
#include "simulator/scenario/scenario.h"

namespace replsim {
namespace {

// A page waits for the answer, so a run that takes longer has gone wrong.
constexpr rlim_t kProcessorSeconds = 20;
constexpr size_t kPlayRecords = 40'000;  // in the animation

struct PlayRequest {
  std::vector<std::string> sets;
  std::string yaml;
};

absl::StatusOr<PlayRequest> ReadPlayRequest(std::istream& in) {
  std::string line;
  size_t count = 0;
  if (!std::getline(in, line) || !absl::SimpleAtoi(line, &count) || count > 1000) {
    return absl::InvalidArgumentError("expected the number of overrides on the first line");
  }
  PlayRequest request;
  for (size_t i = 0; i < count && std::getline(in, line); ++i) request.sets.push_back(line);
  request.yaml.assign(std::istreambuf_iterator<char>(in), {});
  return request;
}

void LimitTrial() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit limit{kProcessorSeconds, kProcessorSeconds + 1};
  setrlimit(RLIMIT_CPU, &limit);
}

int PrintMistakes(const absl::Status& status) {
  std::fputs(PlayMistakes(status.message()).c_str(), stdout);
  return kExitUsage;
}

}  // namespace

int PlayTrial(bool as_page) {
  LimitTrial();
  const absl::StatusOr<PlayRequest> request = ReadPlayRequest(std::cin);
  if (!request.ok()) return PrintMistakes(request.status());
  const absl::StatusOr<LoadedScenario> loaded =
      LoadScenarioText(request->yaml, "scenario", request->sets, {});
  if (!loaded.ok()) return PrintMistakes(loaded.status());
  const Variant& variant = loaded->variants.front();
  absl::StatusOr<Recording> recording = RunVirtualInMemory(variant.scenario);
  if (!recording.ok()) return Failure(recording.status());
  recording->scenario_yaml = ToYaml(variant);
  const RunAnalysis run = AnalyzeRun(*recording, variant.scenario, kPlayRecords);
  if (as_page) {
    const proto::Report report =
        BuildReport(variant.scenario.name(), variant.scenario.question(), "", {run.report}, {});
    std::fputs(ReportPage(report, run).c_str(), stdout);
  } else {
    std::fputs(PlayAnswer(variant, run).c_str(), stdout);
  }
  return kExitHeld;
}

}  // namespace replsim
