#include "simulator/cluster/managed/node_actions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace replsim::node_actions_test {
namespace {

const NodeId kNode("r1");
constexpr NodeState kStates[] = {NodeState::kDown, NodeState::kStarting, NodeState::kUp,
                                 NodeState::kPaused, NodeState::kDying};

// The states in which `may` allows its action.
template <class May>
std::vector<std::string> AllowedIn(May may) {
  std::vector<std::string> states;
  for (const NodeState state : kStates) {
    if (may(kNode, state).ok()) states.push_back(NameOf(state));
  }
  return states;
}

TEST(NodeActions, EachActionIsAllowedInTheseStatesOnly) {
  using testing::ElementsAre;
  EXPECT_THAT(AllowedIn(MayKill), ElementsAre("up", "paused"));
  EXPECT_THAT(AllowedIn(MayLose), ElementsAre("down", "up", "paused", "dying"));
  EXPECT_THAT(AllowedIn(MayRestart), ElementsAre("down", "dying"));
  EXPECT_THAT(AllowedIn(MayChange), ElementsAre("up"));
  EXPECT_THAT(AllowedIn(MayResume), ElementsAre("paused"));
}

TEST(NodeActions, TheRefusalSaysWhatStateStandsInTheWay) {
  EXPECT_EQ(MayKill(kNode, NodeState::kDown).message(), "r1 is not running");
  EXPECT_EQ(MayKill(kNode, NodeState::kStarting).message(), "r1 is starting");
  EXPECT_EQ(MayLose(kNode, NodeState::kStarting).message(), "r1 is starting");
  EXPECT_EQ(MayRestart(kNode, NodeState::kStarting).message(), "r1 is starting");
  EXPECT_EQ(MayRestart(kNode, NodeState::kPaused).message(), "r1 is running");
  EXPECT_EQ(MayChange(kNode, NodeState::kDying).message(), "r1 is not running");
  EXPECT_EQ(MayResume(kNode, NodeState::kUp).message(), "r1 is not paused");
  EXPECT_EQ(MayKill(kNode, NodeState::kDown).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(NodeActions, OnlyANodeThatIsUpCanFailOrStallAFlush) {
  proto::SetDiskRequest one_flush;
  one_flush.set_flushes_to_fail(1);
  proto::SetDiskRequest heal;
  heal.set_heal(true);
  for (const NodeState state : kStates) {
    EXPECT_TRUE(MaySetDisk(kNode, state, heal).ok()) << NameOf(state);
    const absl::Status refused = MaySetDisk(kNode, state, one_flush);
    if (state == NodeState::kUp) {
      EXPECT_TRUE(refused.ok());
    } else {
      EXPECT_EQ(refused.message(), "r1 is not running, so no flush can fail") << NameOf(state);
      EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
    }
  }
}

}  // namespace
}  // namespace replsim::node_actions_test
