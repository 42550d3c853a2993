#include "simulator/cluster/managed/client_sites.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"

namespace replsim::client_sites_test {
namespace {

using testing::ElementsAre;

const std::vector<NodeId> kNodes = {NodeId("p"), NodeId("r1"), NodeId("r2")};

ClientSites Sites(const std::string& cluster_text) {
  proto::Cluster cluster;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(cluster_text, &cluster));
  return ClientSites(cluster, kNodes);
}

constexpr char kTwo[] = R"(groups { name: "east" nodes: "p" nodes: "client@east" }
                           groups { name: "west" nodes: "r1" nodes: "client@west" nodes: "r2" })";

TEST(ClientSites, AllSitTogetherAndFollowThePrimary) {
  ClientSites sites = Sites(R"(groups { name: "east" nodes: "p" nodes: "client" })");
  ASSERT_EQ(sites.count(), 1u);
  EXPECT_EQ(sites.end(0), NodeId("client"));
  EXPECT_EQ(sites.nodes(0), kNodes);
  EXPECT_EQ(sites.PrimaryAt(0), NodeId("p"));
  sites.Leads(NodeId("r2"));
  EXPECT_EQ(sites.PrimaryAt(0), NodeId("r2"));
}

TEST(ClientSites, EachSiteKeepsToItsOwnPrimaryUntilThatOneRefuses) {
  ClientSites sites = Sites(kTwo);
  ASSERT_EQ(sites.count(), 2u);
  EXPECT_EQ(sites.end(1), NodeId("client@west"));
  EXPECT_THAT(sites.nodes(1), ElementsAre(NodeId("r1"), NodeId("r2")));
  EXPECT_EQ(sites.PrimaryAt(0), NodeId("p"));
  EXPECT_EQ(sites.PrimaryAt(1), NodeId()) << "no node of this site leads";

  sites.Leads(NodeId("r1"));
  EXPECT_EQ(sites.PrimaryAt(0), NodeId("p"));
  EXPECT_EQ(sites.PrimaryAt(1), NodeId("r1"));

  sites.Refused(0, NodeId("r1"));  // of an earlier question
  EXPECT_EQ(sites.PrimaryAt(0), NodeId("p"));
  sites.Refused(0, NodeId("p"));
  EXPECT_EQ(sites.PrimaryAt(0), NodeId());
}

}  // namespace
}  // namespace replsim::client_sites_test
