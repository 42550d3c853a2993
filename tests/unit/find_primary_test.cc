// How clients find the primary: the knobs of a workload.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/scenario.h"
#include "simulator/scenario/write_yaml.h"

namespace replsim::find_primary_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The resolved scenario, or why it is refused.
std::string Workload(const std::string& more) {
  const auto loaded = LoadScenarioText(
      "duration: 5s\nworkload: {arrival: {rate: 1/s}" + more + "}\n", "t.yaml", {}, {});
  return loaded.ok() ? WriteYaml(loaded->scenario) : std::string(loaded.status().message());
}

TEST(FindPrimary, IsToldUnlessTheClientsAsk) {
  EXPECT_THAT(Workload(""), AllOf(HasSubstr("find_primary: told\n"), Not(HasSubstr("ask_every"))));
  EXPECT_THAT(Workload(", find_primary: ask-nodes"), HasSubstr("ask_every: 100ms\n"));
  EXPECT_THAT(Workload(", find_primary: ask-nodes, ask_every: 5ms"), HasSubstr("ask_every: 5ms\n"));
  EXPECT_THAT(Workload(", find_primary: ask-nodes, ask_every: 0s"),
              StartsWith("t.yaml:2:59: workload.ask_every is zero"));
  EXPECT_THAT(Workload(", ask_every: 5ms"),
              StartsWith("t.yaml:2:34: ask_every belongs to find_primary: ask-nodes"));
  EXPECT_THAT(Workload(", find_primary: ask"), HasSubstr("known: told, ask-nodes, proxy"));
}

TEST(FindPrimary, AProxyChecksAsHaProxyDoes) {
  EXPECT_THAT(
      Workload(", find_primary: proxy"),
      AllOf(HasSubstr("check_every: 2s\n"), HasSubstr("rise: 2\n"), HasSubstr("fall: 3\n")));
  EXPECT_THAT(Workload(", proxy: {rise: 1}"), HasSubstr("proxy belongs to find_primary: proxy"));
  EXPECT_THAT(Workload(", find_primary: proxy, proxy: {check_every: 0s}"),
              HasSubstr("workload.proxy.check_every is zero"));
  EXPECT_THAT(Workload(", find_primary: proxy, proxy: {fall: 0}"),
              HasSubstr("workload.proxy.fall is 0; expected 1 to 100 successive checks"));
  EXPECT_THAT(Workload(", find_primary: proxy, proxy: {rise: 101}"),
              HasSubstr("workload.proxy.rise is 101"));
}

TEST(FindPrimary, HasTheWordsOfTheSchema) {
  EXPECT_THAT(WordsOf(*proto::Workload::descriptor()->FindFieldByName("find_primary")),
              ElementsAre("told", "ask-nodes", "proxy"));
}

}  // namespace
}  // namespace replsim::find_primary_test
