#include "simulator/command/choose_command.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/analysis/run_report.h"
#include "simulator/choose/choice.h"
#include "simulator/choose/choose_page.h"
#include "simulator/choose/choose_report.h"
#include "simulator/choose/plan.h"
#include "simulator/command/choose_request.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/interrupt.h"
#include "simulator/command/output_paths.h"
#include "simulator/command/report_outputs.h"
#include "simulator/command/terminal_block.h"
#include "simulator/command/virtual_run.h"
#include "simulator/command/virtual_trial.h"
#include "simulator/explore/workers.h"
#include "simulator/recording/file_bytes.h"

namespace replsim {
namespace {

// Processor time after which a run counts as stuck.
constexpr Nanos kPatience = std::chrono::seconds(60);

// Runs a scenario again in this process, whose curves a worker does not return. It has run to its
// end before, and virtual time repeats it exactly.
absl::StatusOr<std::optional<int64_t>> FindWorstInstant(const Variant& run) {
  REPL_ASSIGN_OR_RETURN(const Recording recording, RunVirtualInMemory(run.scenario));
  return WorstInstantNs(AnalyzeRun(recording).timeline);
}

// Runs all scenarios of a stage, and gives each end with its number to `take`.
class ChoiceRuns {
 public:
  ChoiceRuns(const ChooseRequest& request, int jobs, bool quiet)
      : request_(request), workers_(MeasuredTrial(), jobs, kPatience) {
    for (const std::string& name : request.failures) failures_.push_back(FindFailure(name));
    for (const std::string& mode : request.modes) judges_.emplace_back(mode, failures_);
    if (!quiet && TerminalBlock::IsPossible()) terminal_ = std::make_unique<TerminalBlock>();
  }

  // CANCELLED after Ctrl-C.
  absl::Status Go() {
    REPL_RETURN_IF_ERROR(Healthy());
    REPL_RETURN_IF_ERROR(Failed());
    if (terminal_ != nullptr) terminal_->Clear();
    return absl::OkStatus();
  }

  std::vector<ModeChoice> Done() const {
    std::vector<ModeChoice> choices;
    for (const ModeJudge& judge : judges_) choices.push_back(judge.Done());
    return choices;
  }
  uint64_t runs() const { return done_; }

 private:
  absl::Status Healthy() {
    std::vector<Variant> runs;
    for (const std::string& mode : request_.modes) {
      for (uint32_t repeat = 0; repeat < request_.repeat; ++repeat) {
        REPL_ASSIGN_OR_RETURN(Variant run, HealthyRun(request_, mode, repeat));
        runs.push_back(std::move(run));
      }
    }
    std::vector<bool> reported(request_.modes.size());
    REPL_RETURN_IF_ERROR(RunAll(runs, [&](uint64_t i, const TrialEnd& end) {
      const uint64_t mode = i / request_.repeat;
      judges_[mode].AddHealthy(runs[i], end);
      if (i % request_.repeat == 0) reported[mode] = end.how == TrialEnd::How::kReported;
    }));
    for (size_t mode = 0; mode < request_.modes.size(); ++mode) {
      HealthyFacts facts;
      facts.writes_per_second = judges_[mode].WritesPerSecond();
      if (reported[mode]) {
        REPL_ASSIGN_OR_RETURN(facts.worst_instant_ns,
                              FindWorstInstant(runs[mode * request_.repeat]));
      }
      healthy_.push_back(facts);
    }
    return absl::OkStatus();
  }

  absl::Status Failed() {
    std::vector<Variant> runs;
    for (size_t mode = 0; mode < request_.modes.size(); ++mode) {
      for (const TriedFailure* failure : failures_) {
        for (uint32_t number = 0; number < request_.tries; ++number) {
          REPL_ASSIGN_OR_RETURN(Variant run, FailedRun(request_, request_.modes[mode], *failure,
                                                       number, healthy_[mode]));
          runs.push_back(std::move(run));
        }
      }
    }
    return RunAll(runs, [&](uint64_t i, const TrialEnd& end) {
      const uint64_t cell = i / request_.tries;
      judges_[cell / failures_.size()].AddFailed(cell % failures_.size(), runs[i], end);
    });
  }

  absl::Status RunAll(const std::vector<Variant>& runs,
                      const std::function<void(uint64_t, const TrialEnd&)>& take) {
    const uint64_t all =
        request_.modes.size() * (request_.repeat + failures_.size() * uint64_t{request_.tries});
    workers_.Run(
        runs.size(), [&](uint64_t i) { return runs[i].scenario; },
        [&](uint64_t i, const TrialEnd& end) {
          take(i, end);
          ++done_;
          if (terminal_ != nullptr) terminal_->Show({absl::StrCat(done_, " of ", all, " runs")});
        },
        [] { return InterruptGuard::Raised(); });
    return InterruptGuard::Raised() ? absl::CancelledError("interrupted") : absl::OkStatus();
  }

  const ChooseRequest& request_;
  Workers workers_;
  std::vector<const TriedFailure*> failures_;
  std::vector<ModeJudge> judges_;
  std::vector<HealthyFacts> healthy_;  // one per mode
  std::unique_ptr<TerminalBlock> terminal_;
  uint64_t done_ = 0;
};

absl::Status SaveWorst(const ChoiceResult& result) {
  for (const ModeChoice& mode : result.modes) {
    for (const ChoiceCell& cell : mode.cells) {
      if (!cell.worst) continue;
      std::error_code error;
      std::filesystem::create_directories(result.folder, error);
      if (error) return absl::UnavailableError(absl::StrCat(result.folder, ": ", error.message()));
      REPL_RETURN_IF_ERROR(WriteFileBytes(WorstPath(result, mode, cell), WorstYaml(cell)));
    }
  }
  return absl::OkStatus();
}

absl::Status WriteChoice(const ChooseCommandOptions& options, const ChoiceResult& result) {
  if (options.json != "-" && options.markdown != "-") {
    std::fputs(ChoiceText(result).c_str(), stdout);
  }
  REPL_RETURN_IF_ERROR(SaveWorst(result));
  REPL_RETURN_IF_ERROR(WriteFileOrStdout(options.json, ChoiceJson(result).ToText()));
  REPL_RETURN_IF_ERROR(WriteFileOrStdout(options.markdown, ChoiceMarkdown(result)));
  if (options.html.empty()) return absl::OkStatus();
  return WriteFileBytes(options.html, ChoosePage(result));
}

}  // namespace

int ChooseMode(const ChooseCommandOptions& options) {
  std::vector<std::string> findings;
  const absl::StatusOr<ChooseRequest> request = ToRequest(options, &findings);
  if (!request.ok()) return UsageError(request.status());
  for (const std::string& mode : request->modes) {
    const absl::StatusOr<Variant> run = HealthyRun(*request, mode, 0);
    if (!run.ok()) return UsageError(run.status());
  }
  for (const absl::Status& fits :
       {CheckCanFill("--out", options.out), CheckOutputs({options.json, options.markdown, ""}),
        CheckCanWrite("--html", options.html)}) {
    if (!fits.ok()) return UsageError(fits);
  }
  const auto begin = std::chrono::steady_clock::now();
  ChoiceRuns runs(*request, options.jobs, options.quiet);
  const InterruptGuard guard;
  if (const absl::Status ended = runs.Go(); !ended.ok()) return Failure(ended);
  ChoiceResult result;
  result.question = QuestionOf(*request);
  result.findings = std::move(findings);
  result.runs = runs.runs();
  result.tries = request->tries;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  result.modes = runs.Done();
  result.command = ChooseAgain(options, *request);
  result.folder = absl::StrCat(options.out, "/choose");
  if (const absl::Status written = WriteChoice(options, result); !written.ok()) {
    return Failure(written);
  }
  return ChoiceStatus(result);
}

}  // namespace replsim
