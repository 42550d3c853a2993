// The configuration that the simulator sends to its nodes, and their links and keys.
#include "simulator/cluster/managed/node_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "simulator/cluster/managed/node_list.h"
#include "simulator/cluster/managed/scanned_key.h"
#include "simulator/cluster/managed/scenario_links.h"
#include "simulator/recording/history.h"

namespace replsim::node_config_test {
namespace {

using testing::ElementsAre;

proto::Scenario Scenario(const std::string& text) {
  proto::Scenario scenario;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &scenario));
  return scenario;
}

TEST(NodeList, ThePrimaryComesFirst) {
  proto::Cluster cluster;
  cluster.set_replicas(2);
  EXPECT_THAT(NodesOf(cluster), ElementsAre(NodeId("p"), NodeId("r1"), NodeId("r2")));
}

TEST(NodeConfig, ANodeIsToldItsPlaceAndTheSettingsOfTheScenario) {
  const proto::Scenario scenario = Scenario(R"(
    cluster { replicas: 1 record: true heartbeat { interval { ns: 7 } }
              durability { sync: EVERY_BATCH replica { sync: OS } } }
    replication { ack_after: REPLICA_FLUSH })");
  const proto::NodeConfig config =
      NodeConfigOf(scenario, NodesOf(scenario.cluster()), NodeId("r1"), NodeId("p"), Epoch(3));
  EXPECT_EQ(config.id(), "r1");
  EXPECT_THAT(config.nodes(), ElementsAre("p", "r1"));
  EXPECT_EQ(config.primary(), "p");
  EXPECT_EQ(config.epoch_floor(), 3u);
  EXPECT_TRUE(config.record());
  EXPECT_EQ(config.heartbeat().interval().ns(), 7);
  EXPECT_EQ(config.replication().ack_after(), proto::REPLICA_FLUSH);
  EXPECT_EQ(config.durability().sync(), proto::EVERY_BATCH);
  EXPECT_EQ(config.replica_durability().sync(), proto::OS);
}

TEST(ScenarioLinks, EveryPairOfASettingIsVisitedInTheOrderOfTheFile) {
  const proto::Scenario scenario = Scenario(R"(
    network { from: "p" to: "r1" to: "r2" loss: 0.5 }
    network { from: "client" to: "p" })");
  std::vector<std::string> links;
  ForEachLink(scenario, [&](const NodeId& from, const NodeId& to, const LinkSpec& spec) {
    links.push_back(absl::StrCat(from.name(), ">", to.name(), " ", spec.loss));
  });
  EXPECT_THAT(links, ElementsAre("p>r1 0.5", "p>r2 0.5", "client>p 0"));
}

TEST(ScannedKey, OnlyTheKeysOfTheLoadHaveANumber) {
  EXPECT_EQ(NumberOfKey(KeyName(713)), 713u);
  EXPECT_EQ(NumberOfKey(KeyName(123456)), 123456u);
  for (const char* other : {"", "k", "713", "x713", "k7x", "k99999999999"}) {
    EXPECT_EQ(NumberOfKey(other), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace replsim::node_config_test
