#include "simulator/cluster/client_sides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"

namespace replsim::client_sides_test {
namespace {

using testing::ElementsAre;

const std::vector<NodeId> kNodes = {NodeId("p"), NodeId("r1"), NodeId("r2")};

ClientSides Sides(const std::string& cluster_text) {
  proto::Cluster cluster;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(cluster_text, &cluster));
  return ClientSides(cluster, kNodes);
}

constexpr char kTwo[] = R"(groups { name: "east" nodes: "p" nodes: "client@east" }
                           groups { name: "west" nodes: "r1" nodes: "client@west" nodes: "r2" })";

TEST(ClientSides, AllSitTogetherAndFollowWhoeverLeads) {
  ClientSides sides = Sides(R"(groups { name: "east" nodes: "p" nodes: "client" })");
  ASSERT_EQ(sides.count(), 1u);
  EXPECT_EQ(sides.end(0), NodeId("client"));
  EXPECT_EQ(sides.nodes(0), kNodes);
  EXPECT_EQ(sides.LeaderOf(0), NodeId("p"));
  sides.Leads(NodeId("r2"));
  EXPECT_EQ(sides.LeaderOf(0), NodeId("r2"));
}

TEST(ClientSides, EachSideKeepsToItsOwnLeaderUntilThatOneRefuses) {
  ClientSides sides = Sides(kTwo);
  ASSERT_EQ(sides.count(), 2u);
  EXPECT_EQ(sides.end(1), NodeId("client@west"));
  EXPECT_THAT(sides.nodes(1), ElementsAre(NodeId("r1"), NodeId("r2")));
  EXPECT_EQ(sides.LeaderOf(1), NodeId("p")) << "nobody leads there: whoever leads";

  sides.Leads(NodeId("r1"));
  EXPECT_EQ(sides.LeaderOf(0), NodeId("p"));
  EXPECT_EQ(sides.LeaderOf(1), NodeId("r1"));
  EXPECT_EQ(sides.newest(), NodeId("r1"));

  sides.Refused(0, NodeId("r1"));  // of an earlier question
  EXPECT_EQ(sides.LeaderOf(0), NodeId("p"));
  sides.Refused(0, NodeId("p"));
  EXPECT_EQ(sides.LeaderOf(0), NodeId("r1"));
}

}  // namespace
}  // namespace replsim::client_sides_test
