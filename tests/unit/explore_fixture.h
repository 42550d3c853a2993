// Scenarios to explore, and trials that run nothing.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "simulator/explore/trial.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

// Returns the first variant of a 5 s scenario with `more` appended.
inline Variant LoadVariant(const std::string& more) {
  const std::string text =
      absl::StrCat("duration: 5s\nworkload: {clients: 16, arrival: {rate: 500/s}}\n", more);
  const absl::StatusOr<LoadedScenario> loaded = LoadScenarioText(text, "base.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->variants[0] : Variant{};
}

// Returns the same scenario with faults, each in the flow form of a scenario file.
inline proto::Scenario WithFaults(const std::string& knobs,
                                  const std::vector<std::string>& faults) {
  std::string more = knobs + "\n";
  if (!faults.empty()) more += "faults:\n";
  for (const std::string& fault : faults) absl::StrAppend(&more, "  - {", fault, "}\n");
  return LoadVariant(more).scenario;
}

inline bool Does(const proto::Scenario& scenario, proto::Action action) {
  for (const proto::Fault& fault : scenario.faults()) {
    if (fault.do_() == action) return true;
  }
  return false;
}

// Returns the report of a run without failures.
inline proto::RunReport GoodReport(const proto::Scenario& scenario) {
  proto::RunReport report;
  report.set_seed(scenario.seed());
  report.set_complete(true);
  report.mutable_writes()->set_acked_lost(0);
  report.mutable_writes()->set_protected_lost(0);
  report.mutable_divergence()->set_converged(true);
  return report;
}

}  // namespace replsim
