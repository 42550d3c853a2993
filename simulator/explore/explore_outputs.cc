#include "simulator/explore/explore_outputs.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/report/junit_xml.h"

namespace replsim {
namespace {

// Repeats the whole exploration.
std::string CommandOf(const ExploreHeading& heading) {
  return absl::StrCat(heading.again, " --seed ", heading.first_seed, " --seeds ", heading.seeds);
}

Json FindingJson(const ExploreHeading& heading, const Exploration& exploration,
                 const Finding& finding, bool only) {
  Json json = Json::Object();
  json.Set("kind", finding.verdict.kind);
  json.Set("failed", finding.verdict.failed);
  json.Set("seeds", finding.count);
  json.Set("first_seed", finding.first_seed);
  if (!finding.verdict.detail.empty()) json.Set("detail", finding.verdict.detail);
  json.Set("repeat", RepeatCommand(heading, finding));
  if (finding.shrunk) json.Set("file", FileOf(heading, exploration, finding, only).path);
  return json;
}

JUnitCase CaseOfFinding(const ExploreHeading& heading, const Exploration& exploration,
                        const Finding& finding, bool only) {
  JUnitCase one;
  one.name = finding.verdict.kind;
  one.outcome = finding.verdict.kind == kRunFailed ? JUnitCase::Outcome::kError
                                                   : JUnitCase::Outcome::kFailure;
  one.type = finding.verdict.kind;
  one.message =
      absl::StrCat(finding.count, " of ", exploration.seeds, " seeds, first ", finding.first_seed,
                   ": ", finding.verdict.detail, "; repeat: ", RepeatCommand(heading, finding));
  if (finding.shrunk) {
    one.text =
        absl::StrCat("smallest scenario found: ", FileOf(heading, exploration, finding, only).path);
  }
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
  json.Set("command", CommandOf(heading));
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
                        {"command", CommandOf(heading)}};
    for (const Finding& finding : exploration.findings) {
      if (!finding.verdict.failed) continue;
      suite.cases.push_back(CaseOfFinding(heading, exploration, finding, explorations.size() == 1));
    }
    if (suite.cases.empty()) suite.cases.push_back({.name = "no seed failed"});
    suites.push_back(std::move(suite));
  }
  return JUnitXml(absl::StrCat(heading.scenario, " explored"), suites);
}

}  // namespace replsim
