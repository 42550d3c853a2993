#include "simulator/explore/explore_outputs.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "simulator/explore/draw.h"
#include "simulator/explore/shrunk_file.h"
#include "simulator/report/junit_xml.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

Json SmallestJson(const Shrunk& shrunk) {
  const proto::Scenario& scenario = shrunk.scenario;
  Json faults = Json::Array();
  const std::string lines = FaultLines(scenario);
  for (const absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    faults.Add(std::string(absl::StripPrefix(absl::StripLeadingAsciiWhitespace(line), "- ")));
  }
  Json json = Json::Object();
  json.Set("takes", FaultsInWords(scenario));
  json.Set("faults", std::move(faults));
  json.Set("clients", uint64_t{scenario.workload().clients()});
  json.Set("replicas", uint64_t{scenario.cluster().replicas()});
  json.Set("duration", ToText(scenario.duration()));
  json.Set("trials", static_cast<uint64_t>(shrunk.trials));
  json.Set("finished", shrunk.finished);
  return json;
}

Json FindingJson(const ExploreHeading& heading, const Exploration& exploration,
                 const Finding& finding, bool only) {
  Json json = Json::Object();
  json.Set("kind", finding.verdict.kind);
  json.Set("failed", finding.verdict.failed);
  json.Set("seeds", finding.count);
  json.Set("first_seed", finding.first_seed);
  json.Set("shown_seed", finding.shown_seed());
  if (!finding.verdict.detail.empty()) json.Set("detail", finding.verdict.detail);
  json.Set("repeat", RepeatCommand(heading, finding));
  if (!finding.shrunk) return json;
  json.Set("file", FileOf(heading, exploration, finding, only).path);
  json.Set("run", ShrunkRunCommand(heading, exploration, finding, only));
  json.Set("smallest", SmallestJson(*finding.shrunk));
  return json;
}

JUnitCase CaseOfFinding(const ExploreHeading& heading, const Exploration& exploration,
                        const Finding& finding, bool only) {
  JUnitCase one;
  one.name = finding.verdict.kind;
  one.outcome = finding.verdict.kind == kRunFailed ? JUnitCase::Outcome::kError
                : finding.verdict.failed           ? JUnitCase::Outcome::kFailure
                                                   : JUnitCase::Outcome::kPassed;
  one.type = finding.verdict.kind;
  one.message =
      absl::StrCat(finding.count, " of ", exploration.seeds, " seeds, first ", finding.first_seed,
                   ": ", finding.verdict.detail, "; repeat: ", RepeatCommand(heading, finding));
  if (finding.shrunk) {
    one.text = absl::StrCat("it takes ", FaultsInWords(finding.shrunk->scenario), "\n",
                            "run it: ", ShrunkRunCommand(heading, exploration, finding, only));
  }
  // A passed case has no message of its own.
  if (!finding.verdict.failed) one.text = absl::StrCat(one.message, "\n", one.text);
  return one;
}

}  // namespace

Json ExploreJson(const ExploreHeading& heading, const std::vector<Exploration>& explorations) {
  Json variants = Json::Array();
  for (const Exploration& exploration : explorations) {
    Json findings = Json::Array();
    for (const Finding& finding : exploration.findings) {
      findings.Add(FindingJson(heading, exploration, finding, explorations.size() == 1));
    }
    Json variant = Json::Object();
    variant.Set("variant", exploration.variant);
    variant.Set("seeds", exploration.seeds);
    variant.Set("promised", exploration.promised);
    Json guaranteed = Json::Object();
    for (const auto& [name, seeds] : exploration.guaranteed) guaranteed.Set(name, seeds);
    variant.Set("guaranteed", std::move(guaranteed));
    variant.Set("outcomes", std::move(findings));
    variants.Add(std::move(variant));
  }
  Json json = Json::Object();
  json.Set("scenario", heading.scenario);
  json.Set("command", WholeCommand(heading));
  json.Set("first_seed", heading.first_seed);
  json.Set("seeds", heading.seeds);
  json.Set("variants", std::move(variants));
  return json;
}

std::string ExploreJUnit(const ExploreHeading& heading,
                         const std::vector<Exploration>& explorations) {
  std::vector<JUnitSuite> suites;
  for (const Exploration& exploration : explorations) {
    JUnitSuite suite;
    suite.name = absl::StrCat(heading.scenario, ".", exploration.variant);
    suite.properties = {{"variant", exploration.variant},
                        {"first_seed", absl::StrCat(heading.first_seed)},
                        {"seeds", absl::StrCat(exploration.seeds)},
                        {"command", WholeCommand(heading)}};
    bool failed = false;
    for (const Finding& finding : exploration.findings) {
      if (!finding.verdict.failed && !finding.shrunk) continue;
      failed |= finding.verdict.failed;
      suite.cases.push_back(CaseOfFinding(heading, exploration, finding, explorations.size() == 1));
    }
    if (!failed) suite.cases.push_back({.name = "no seed failed"});
    suites.push_back(std::move(suite));
  }
  return JUnitXml(absl::StrCat(heading.scenario, " explored"), suites);
}

}  // namespace replsim
