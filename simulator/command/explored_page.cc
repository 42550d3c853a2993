#include "simulator/command/explored_page.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"
#include "simulator/explore/draw.h"
#include "simulator/explore/shrunk_file.h"

namespace replsim {
namespace {

// Such a run ends its process, or never ends.
bool LeavesNoRecording(const std::string& kind) {
  return absl::StartsWith(kind, "check-") || kind == "died" || kind == "stuck";
}

void DrawRun(const Finding& finding, ExplorePageSmallest* smallest) {
  if (LeavesNoRecording(finding.verdict.kind)) {
    smallest->no_picture = "a run that ends in this way leaves no recording.";
    return;
  }
  const absl::StatusOr<Recording> recording = RunVirtualInMemory(finding.shrunk->scenario);
  if (!recording.ok()) {
    smallest->no_picture = std::string(recording.status().message());
    return;
  }
  smallest->space_time = AnalyzeRun(*recording, finding.shrunk->scenario).space_time;
  smallest->no_picture = "the run has no message to show.";
}

ExplorePageOutcome OutcomeOf(const ExploreHeading& heading, const Exploration& exploration,
                             const Finding& finding, bool only) {
  ExplorePageOutcome outcome;
  outcome.kind = finding.verdict.kind;
  outcome.as_promised = finding.verdict.kind == kAsPromised;
  outcome.failed = finding.verdict.failed;
  outcome.detail = finding.verdict.detail;
  outcome.count = finding.count;
  outcome.first_seed = finding.first_seed;
  outcome.shown_seed = finding.shown_seed();
  outcome.repeat = RepeatCommand(heading, finding);
  outcome.shrunk = finding.shrunk.has_value();
  if (!outcome.shrunk) return outcome;
  const proto::Scenario& scenario = finding.shrunk->scenario;
  outcome.smallest.takes = FaultsInWords(scenario);
  outcome.smallest.size = SizeInWords(scenario);
  outcome.smallest.faults = FaultLines(scenario);
  outcome.smallest.run = ShrunkRunCommand(heading, exploration, finding, only);
  DrawRun(finding, &outcome.smallest);
  return outcome;
}

}  // namespace

ExplorePageInput ExploredPage(const ExploreHeading& heading,
                              const std::vector<Exploration>& explorations) {
  ExplorePageInput input;
  input.scenario = heading.scenario;
  input.question = heading.question;
  input.command = WholeCommand(heading);
  for (const Exploration& exploration : explorations) {
    ExplorePageVariant variant;
    variant.name = exploration.variant;
    variant.seeds = exploration.seeds;
    variant.promised = exploration.promised;
    for (const proto::Condition& condition : exploration.judged) {
      variant.expectations.push_back(absl::StrCat(condition.metric(), " ", condition.test()));
    }
    for (const Finding& finding : exploration.findings) {
      variant.outcomes.push_back(
          OutcomeOf(heading, exploration, finding, explorations.size() == 1));
    }
    input.variants.push_back(std::move(variant));
  }
  return input;
}

}  // namespace replsim
