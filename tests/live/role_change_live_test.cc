// Node processes that change their role without a restart, and programs that start in the role of
// the other program.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "protos/control.grpc.pb.h"
#include "tests/live/eventually.h"
#include "tests/live/node_config.h"
#include "tests/live/node_process.h"

namespace replsim::role_change_live_test {
namespace {

// No process listens at this address.
constexpr char kNowhere[] = "127.0.0.1:1";

class RoleChangeLiveTest : public testing::Test {
 protected:
  RoleChangeLiveTest() {
    std::string path = (std::filesystem::temp_directory_path() / "replsim-role-XXXXXX").string();
    folder_ = mkdtemp(path.data());
  }
  ~RoleChangeLiveTest() override { std::filesystem::remove_all(folder_); }

  // Writes are acknowledged when the primary has flushed them.
  proto::NodeConfig Config(const std::string& id) const {
    proto::NodeConfig config = NodeConfigFor(folder_, id, {"p", "r1"});
    config.mutable_heartbeat()->mutable_interval()->set_ns(50'000'000);
    return config;
  }

  std::string folder_;
};

TEST_F(RoleChangeLiveTest, AFencedPrimaryFollowsItsSuccessorAndLeadsAgain) {
  NodeProcess p("replsim-primary", Config("p"));
  NodeProcess r1("replsim-replica", Config("r1"));
  p.SetPeer("r1", kNowhere);
  for (uint64_t client = 1; client <= 3; ++client) {
    EXPECT_EQ(p.Put(client).outcome(), proto::COMMITTED);  // r1 never gets these
  }
  r1.SetPeer("p", kNowhere);
  ASSERT_TRUE(r1.Promote(2, "p").ok());
  EXPECT_EQ(r1.Put(4).outcome(), proto::COMMITTED);
  EXPECT_FALSE(p.Demote("r1").ok()) << "it still leads";
  p.SetPeer("r1", r1.address());
  r1.SetPeer("p", p.address());
  ASSERT_TRUE(Eventually([&] { return p.Describe().fenced(); }));
  EXPECT_EQ(p.Demote("r7").error_code(), grpc::StatusCode::INVALID_ARGUMENT);

  const grpc::Status demoted = p.Demote("r1");
  ASSERT_TRUE(demoted.ok()) << demoted.error_message();
  ASSERT_TRUE(Eventually([&] { return p.Describe().apply() == r1.Describe().apply(); }));
  const proto::NodeDescription follower = p.Describe();
  EXPECT_FALSE(follower.is_primary());
  EXPECT_EQ(follower.following(), "r1");
  EXPECT_EQ(follower.truncated_entries(), 3u);
  EXPECT_EQ(follower.digest(), r1.Describe().digest());
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/p/rollback"));
  EXPECT_EQ(p.Put(5).reason(), proto::NOT_PRIMARY);

  // And back: both have changed their role in both directions.
  ASSERT_TRUE(p.Promote(3, "r1").ok());
  ASSERT_TRUE(Eventually([&] { return r1.Describe().fenced(); }));
  ASSERT_TRUE(r1.Demote("p").ok());
  EXPECT_EQ(p.Put(6).outcome(), proto::COMMITTED);
  EXPECT_TRUE(Eventually([&] { return r1.Describe().digest() == p.Describe().digest(); }));
  EXPECT_EQ(r1.Describe().following(), "p");
}

TEST_F(RoleChangeLiveTest, EitherProgramRunsEitherRole) {
  proto::NodeConfig leads = Config("p");
  leads.set_role(proto::NodeConfig::PRIMARY);
  proto::NodeConfig follows = Config("r1");
  follows.set_role(proto::NodeConfig::REPLICA);
  NodeProcess p("replsim-replica", leads);
  NodeProcess r1("replsim-primary", follows);
  EXPECT_TRUE(p.Describe().is_primary());
  EXPECT_FALSE(r1.Describe().is_primary());
  r1.SetPeer("p", p.address());
  EXPECT_EQ(p.Put(1).outcome(), proto::COMMITTED);
  EXPECT_TRUE(Eventually([&] { return r1.Describe().apply() == 1; }));
}

TEST_F(RoleChangeLiveTest, ManyCallsOfShutdownEndTheNodeOnce) {
  NodeProcess p("replsim-primary", Config("p"));
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back(
        [&p] { p.Call(&proto::Control::Stub::Shutdown, proto::ShutdownRequest()); });
  }
  for (std::thread& caller : callers) caller.join();
  // The destructor of `p` expects exit status 0.
}

}  // namespace
}  // namespace replsim::role_change_live_test
