// A search judges runs without measuring them: what JudgeRun says is what the whole analysis says.
#include "simulator/analysis/judge_run.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"
#include "simulator/explore/draw.h"
#include "simulator/scenario/scenario.h"

namespace replsim::judge_run_test {
namespace {

constexpr uint64_t kSeeds = 20;

std::string Scenario(const std::string& cluster) {
  return "question: Which writes survive?\nduration: 1s\n" + cluster +
         "workload: {clients: 4, arrival: {rate: 300/s}, mix: {write: 0.6, read: 0.4}, "
         "read_from: any-replica}\n";
}

// The fields of `whole` that `judged` has, too. Notes about figures and the values of fields that
// only the whole analysis measures are left out.
void Restrict(const proto::RunReport& judged, proto::RunReport& whole) {
  const google::protobuf::Reflection& reflection = *whole.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(whole, &fields);
  for (const auto* field : fields) {
    const bool has = field->is_repeated() ? reflection.FieldSize(judged, field) > 0
                                          : reflection.HasField(judged, field);
    if (!has || field->name() == "notes") reflection.ClearField(&whole, field);
  }
}

// Whether the fields that verdicts rest on are there at all.
void ExpectJudged(const proto::RunReport& judged) {
  EXPECT_TRUE(judged.has_writes());
  EXPECT_TRUE(judged.has_consistency());
  EXPECT_TRUE(judged.has_elections());
  EXPECT_TRUE(judged.has_availability());
  EXPECT_TRUE(judged.has_divergence());
  EXPECT_TRUE(judged.has_promise());
  EXPECT_EQ(judged.lag_size(), 0) << "a search does not look at the lag";
}

void ExpectEqualVerdicts(const std::string& cluster, uint64_t first_seed) {
  const auto loaded = LoadScenarioText(Scenario(cluster), "judged", {}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  DrawOptions options;
  options.knobs = true;
  options.storm = true;
  int breaches = 0;
  int lost = 0;
  for (uint64_t seed = first_seed; seed < first_seed + kSeeds; ++seed) {
    const Drawn drawn = Draw(loaded->variants.front().scenario, seed, options);
    const auto recording = RunVirtualInMemory(drawn.scenario);
    if (!recording.ok()) continue;  // a damaged log may keep every node from starting
    proto::RunReport judged = JudgeRun(*recording, drawn.scenario);
    proto::RunReport whole = AnalyzeRun(*recording, drawn.scenario).report;
    ExpectJudged(judged);
    Restrict(judged, whole);
    judged.clear_notes();
    breaches += judged.breaches_size();
    lost += judged.writes().acked_lost() > 0 ? 1 : 0;
    std::string difference;
    google::protobuf::util::MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(whole, judged)) << "seed " << seed << ": " << difference;
  }
  EXPECT_GT(breaches + lost, 0) << "no drawn run has anything to judge";
}

TEST(JudgeRun, SaysOfDrawnFaultsWhatTheWholeAnalysisSays) {
  ExpectEqualVerdicts("replication: {preset: async}\n", 1);
}

TEST(JudgeRun, SaysOfDrawnElectionsWhatTheWholeAnalysisSays) {
  ExpectEqualVerdicts("replication: {preset: semi-sync}\nfailover: {preset: raft}\n", 1001);
}

}  // namespace
}  // namespace replsim::judge_run_test
