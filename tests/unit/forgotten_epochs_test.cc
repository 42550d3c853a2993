#include "simulator/analysis/durability/forgotten_epochs.h"

#include <gmock/gmock.h>

#include "tests/unit/fake_recording.h"

namespace replsim::forgotten_epochs_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ForgottenEpochs, WhoComesBackKnowsWhatItKnew) {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 901, 1, 0).Started("p", 1100, 5, 1).Leads("p", 1101, 2, 5);
  fake.Started("r1", 900).Append("r1", 950, 1, 3).Started("r1", 1000, 3, 2);
  EXPECT_THAT(FindForgottenEpochs(fake.Done()), IsEmpty());
}

TEST(ForgottenEpochs, EachNodeThatForgotIsNamedOnce) {
  FakeRecording fake({"p", "r1", "r2"});
  fake.Started("p", 900).Leads("p", 901, 1, 0);
  fake.Started("r1", 900).Append("r1", 950, 2, 3).Started("r1", 1000, 3, 1).Started("r1", 1100);
  fake.Trace("r2", 950, TraceKind::kFenced, 3, 0).Started("r2", 1000, 0, 2);
  EXPECT_THAT(FindForgottenEpochs(fake.Done()),
              ElementsAre("r1 started with epoch 1, although it had seen epoch 2",
                          "r2 started with epoch 2, although it had seen epoch 3"));
}

}  // namespace
}  // namespace replsim::forgotten_epochs_test
