// The cluster in virtual time gives what the WARS model does of the same latencies, and with it
// what was published: `replsim validate --runtime virtual`, in short.
#include "simulator/command/cluster_trials.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "simulator/theory/validate_table.h"

namespace replsim::cluster_trials_test {
namespace {

constexpr uint64_t kTrials = 20'000;

// All but constant: no draw in a million is a thousandth longer.
LatencyMix Always(double ms) { return {1, ms, 1e5, 1}; }

std::vector<Trial> TrialsOf(const TrialSource& source, uint64_t count, uint64_t seed = 1) {
  Rng rng(seed);
  return RunTrials(source, count, rng);
}

TEST(ClusterTrials, AWriteTakesWThereAndABack) {
  for (const int w : {1, 2, 3}) {
    const WarsModel model = {Always(20), Always(3)};
    for (const Trial& trial : TrialsOf(ClusterTrials(model, {3, 1, w}), 100)) {
      EXPECT_NEAR(trial.write_ms, 23, 0.05);
      EXPECT_NEAR(trial.read_ms, 6, 0.05);
      EXPECT_EQ(trial.fresh_after_ms, 0);
    }
  }
}

// Two data centres, 75 ms apart. The writer is next to one replica. The reader is next to the same
// replica, or next to the one that receives the write later.
TEST(ClusterTrials, WhoIsInOneDataCentreDecides) {
  const WarsModel model = {Always(20), Always(3), 75};
  int together = 0;
  for (const Trial& trial : TrialsOf(ClusterTrials(model, {2, 1, 1}), 400)) {
    EXPECT_NEAR(trial.write_ms, 23, 0.05);
    EXPECT_NEAR(trial.read_ms, 6, 0.05);
    if (trial.fresh_after_ms == 0) {
      ++together;
    } else {
      EXPECT_NEAR(trial.fresh_after_ms, 95 - 23 - 3, 0.2);
    }
  }
  EXPECT_NEAR(together, 200, 40);
  for (const Trial& trial : TrialsOf(ClusterTrials(model, {2, 2, 2}), 100)) {
    EXPECT_NEAR(trial.write_ms, 173, 0.2);
    EXPECT_NEAR(trial.read_ms, 156, 0.2);
  }
}

TEST(ClusterTrials, AreTheSameForTheSameSeed) {
  const auto text = [](uint64_t seed) {
    std::string all;
    for (const Trial& trial : TrialsOf(ClusterTrials(PbsFits()[3].model, {3, 2, 1}), 2500, seed)) {
      absl::StrAppend(&all, trial.write_ms, " ", trial.read_ms, " ", trial.fresh_after_ms, "\n");
    }
    return all;
  };
  EXPECT_EQ(text(1), text(1));
  EXPECT_NE(text(1), text(2));
}

// Kolmogorov and Smirnov: how far apart the distributions of two samples are.
double Distance(const Empirical& a, const Empirical& b) {
  double most = 0;
  for (int i = 1; i <= 1000; ++i) {
    const double value = a.Quantile(i / 1000.0);
    most = std::max(most, std::fabs(a.ShareAtMost(value) - b.ShareAtMost(value)));
  }
  return most;
}

// 1.95 is exceeded by one in a thousand pairs of samples of one distribution.
void ExpectSameDistribution(const TrialSample& cluster, const TrialSample& model) {
  const double most = 1.95 * std::sqrt(2.0 / kTrials);
  EXPECT_LT(Distance(cluster.write_ms, model.write_ms), most);
  EXPECT_LT(Distance(cluster.read_ms, model.read_ms), most);
  EXPECT_LT(Distance(cluster.fresh_after_ms, model.fresh_after_ms), most);
}

struct Case {
  size_t fit;  // in PbsFits
  Quorum quorum;
};

class ClusterTrialsAgree : public testing::TestWithParam<Case> {
 protected:
  const Fit& fit() { return PbsFits()[GetParam().fit]; }
  const Quorum& quorum() { return GetParam().quorum; }
  bool IsMine(const Quorum& other) { return other.r == quorum().r && other.w == quorum().w; }
};

TEST_P(ClusterTrialsAgree, WithTheModelAsFarAsChanceAllows) {
  ExpectSameDistribution(SampleOf(TrialsOf(ClusterTrials(fit().model, quorum()), kTrials)),
                         SampleOf(TrialsOf(ModelTrials(fit().model, quorum()), kTrials, 2)));
}

// Within 3 % plus the statistical error of this number of trials (validation.h). The value of t
// depends on the twenty slowest trials, whose error is too large here; validate.virtual compares it
// in full.
TEST_P(ClusterTrialsAgree, WithPublishedLatencies) {
  Validation validation;
  validation.count = kTrials;
  validation.trials = [this](const WarsModel& model, const Quorum& of) {
    return IsMine(of) ? ClusterTrials(model, of) : ModelTrials(model, of);
  };
  const std::vector<CellResult> cells = ValidateTable(validation, fit());
  for (const CellResult& cell : cells) {
    if (!IsMine(cell.cell.quorum)) continue;
    EXPECT_TRUE(cell.read_ms.Agrees()) << TableText(fit().name, cells);
    EXPECT_TRUE(cell.write_ms.Agrees()) << TableText(fit().name, cells);
  }
}

INSTANTIATE_TEST_SUITE_P(Short, ClusterTrialsAgree,
                         testing::Values(Case{0, {3, 1, 1}}, Case{1, {3, 1, 2}},
                                         Case{3, {3, 2, 1}}),
                         [](const testing::TestParamInfo<Case>& of) {
                           const Quorum& quorum = of.param.quorum;
                           std::string fit(PbsFits()[of.param.fit].name);
                           std::replace(fit.begin(), fit.end(), '-', '_');
                           return absl::StrCat(fit, "_R", quorum.r, "_W", quorum.w);
                         });

}  // namespace
}  // namespace replsim::cluster_trials_test
