// A node process knows whether the one before it was shut down in order.
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "tests/live/node_config.h"
#include "tests/live/node_process.h"

namespace replsim::clean_shutdown_live_test {
namespace {

class CleanShutdownLiveTest : public testing::Test {
 protected:
  CleanShutdownLiveTest() {
    std::string path = (std::filesystem::temp_directory_path() / "replsim-clean-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    // Its first life: it leads, and persists an epoch and a write.
    NodeProcess leads("replsim-primary", Config());
    EXPECT_EQ(leads.Put(1).outcome(), proto::COMMITTED);
  }
  ~CleanShutdownLiveTest() override { std::filesystem::remove_all(folder_); }

  proto::NodeConfig Config() const { return NodeConfigFor(folder_, "p", {"p", "r1"}); }
  // Whether a replica that starts now is unclean. Ends it by `signal`; 0: by Control.Shutdown.
  bool StartsUnclean(int signal) const {
    NodeProcess follows("replsim-replica", Config());
    const bool unclean = follows.Describe().unclean();
    if (signal != 0) follows.Signal(signal);
    if (signal == SIGKILL) follows.AwaitKilled();
    if (signal == SIGTERM) follows.AwaitExit();
    return unclean;
  }

  std::string folder_;
};

TEST_F(CleanShutdownLiveTest, ControlShutdownAndSigtermAreClean) {
  EXPECT_FALSE(StartsUnclean(0));
  EXPECT_FALSE(StartsUnclean(SIGTERM));
  EXPECT_FALSE(StartsUnclean(SIGKILL));
  EXPECT_TRUE(StartsUnclean(0));
}

TEST_F(CleanShutdownLiveTest, AnUncleanNodeIsNotCleanedByALaterShutdown) {
  EXPECT_FALSE(StartsUnclean(SIGKILL));
  EXPECT_TRUE(StartsUnclean(SIGTERM));
  EXPECT_TRUE(StartsUnclean(0));
}

}  // namespace
}  // namespace replsim::clean_shutdown_live_test
