#include "tests/virtual/matrix_scenario.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace replsim {

Variant LoadCell(const MatrixCase& one, const std::string& preset,
                 const std::vector<std::string>& more) {
  std::vector<std::string> sets = one.sets;
  sets.insert(sets.end(), more.begin(), more.end());
  sets.push_back(absl::StrCat("replication.preset=", preset));
  // A run that breaks off names it.
  sets.push_back(absl::StrCat("name=", one.name, "-", absl::StrReplaceAll(preset, {{":", "."}})));
  const auto loaded =
      LoadScenarioText(absl::StrCat(kMatrixScenario, one.scenario), one.name, sets, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->variants.front() : Variant();
}

}  // namespace replsim
