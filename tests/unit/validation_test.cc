#include "simulator/theory/validation.h"

#include <gtest/gtest.h>

#include "simulator/theory/validate_table.h"

namespace replsim::validation_test {
namespace {

constexpr uint64_t kTrials = 200'000;

TEST(Pbs, TableFourIsReproduced) {
  Validation validation;
  validation.count = kTrials;
  for (const Fit& fit : PbsFits()) {
    const std::vector<CellResult> cells = ValidateTable(validation, fit);
    EXPECT_EQ(cells.size(), 6u);
    for (const CellResult& cell : cells) EXPECT_TRUE(cell.Agrees()) << TableText(fit.name, cells);
  }
}

TEST(Pbs, TheTextIsReproduced) {
  Validation validation;
  validation.count = kTrials;
  for (const absl::string_view fit : {"LNKD-SSD", "LNKD-DISK", "YMMR", "WAN", "EXP"}) {
    const std::vector<PointResult> points = ValidateText(validation, fit);
    EXPECT_FALSE(points.empty()) << fit;
    for (const PointResult& point : points) {
      EXPECT_TRUE(point.value.Agrees()) << PointsText({point});
    }
  }
}

TEST(Pbs, YammersShapeAsPrintedDoesNotGiveThePublishedFreshness) {
  WarsModel model = PbsFits()[2].model;
  Rng rng(1);
  const auto fresh_at_once = [&] {
    return SampleOf(RunTrials(ModelTrials(model, {}), kTrials, rng)).fresh_after_ms.ShareAtMost(0);
  };
  EXPECT_NEAR(fresh_at_once(), 0.893, 0.002);
  model.write.shape = 3.35;
  EXPECT_NEAR(fresh_at_once(), 0.887, 0.002);
}

// Our numbers may come from any source: a source whose writes are all late is detected.
TEST(Validation, TakesTrialsFromAnySource) {
  Validation validation;
  validation.count = 10'000;
  validation.trials = [](const WarsModel& model, const Quorum& quorum) -> TrialSource {
    return [source = ModelTrials(model, quorum)](Rng& rng) {
      Trial trial = source(rng);
      trial.write_ms += 2;
      return trial;
    };
  };
  const Fit& ssd = PbsFits()[0];
  const std::vector<CellResult> cells = ValidateTable(validation, ssd);
  EXPECT_TRUE(cells[0].read_ms.Agrees());
  EXPECT_FALSE(cells[0].write_ms.Agrees());
  EXPECT_FALSE(cells[0].Agrees());
  EXPECT_NE(TableText(ssd.name, cells).find("DIFFERS: R=1 W=1 L_w"), std::string::npos);
}

TEST(Validation, IsTheSameForTheSameSeed) {
  const auto text = [](uint64_t seed) {
    Validation validation;
    validation.count = 2000;
    validation.seed = seed;
    return TableText("WAN", ValidateTable(validation, PbsFits()[3]));
  };
  EXPECT_EQ(text(1), text(1));
  EXPECT_NE(text(1), text(2));
}

}  // namespace
}  // namespace replsim::validation_test
