#include "simulator/report/verdict_sentence.h"

#include <gtest/gtest.h>

namespace replsim::verdict_sentence_test {
namespace {

proto::RunReport RunWith(uint64_t lost, bool promised) {
  proto::RunReport run;
  run.mutable_writes()->set_acked_lost(lost);
  run.mutable_promise()->set_keeps_acknowledged(promised);
  run.mutable_promise()->set_faults(1);
  return run;
}

TEST(VerdictSentence, SaysWhetherALossWasExcluded) {
  EXPECT_EQ(VerdictSentence(RunWith(1, false)),
            "1 acknowledged write was lost, which this setting does not exclude.");
  EXPECT_EQ(VerdictSentence(RunWith(12, true)),
            "12 acknowledged writes were lost, although this setting promises to keep them.");
}

TEST(VerdictSentence, TellsLuckFromAPromise) {
  EXPECT_EQ(VerdictSentence(RunWith(0, true)), "No acknowledged write was lost, as promised.");
  EXPECT_EQ(VerdictSentence(RunWith(0, false)),
            "No acknowledged write was lost: luck, because this setting promises nothing here.");
  proto::RunReport healthy = RunWith(0, true);
  healthy.mutable_promise()->set_faults(0);
  EXPECT_EQ(VerdictSentence(healthy), "No acknowledged write was lost.");
}

TEST(VerdictSentence, LeavesOutWhatIsUnknownAndBeginsWithViolations) {
  proto::RunReport run;
  EXPECT_EQ(VerdictSentence(run), "");
  run.add_breaches("a hole in the log");
  EXPECT_EQ(VerdictSentence(run), "An invariant was violated: a hole in the log.");
}

}  // namespace
}  // namespace replsim::verdict_sentence_test
