// Every node of a live cluster serves its metrics, and they reflect its own activity.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/live/eventually.h"
#include "tests/live/http_client.h"
#include "tests/live/live_fixture.h"

namespace replsim::node_metrics_test {
namespace {

// Keyed by the text before the value: name{labels}.
using Samples = std::map<std::string, double>;

Samples Parse(const std::string& page) {
  Samples samples;
  for (const absl::string_view line : absl::StrSplit(page, '\n', absl::SkipEmpty())) {
    if (line.front() == '#') continue;
    const size_t space = line.rfind(' ');
    EXPECT_TRUE(
        samples.emplace(line.substr(0, space), std::stod(std::string(line.substr(space + 1))))
            .second)
        << line << " comes twice";
  }
  return samples;
}

class MetricsTest : public LiveTest {
 protected:
  // A run in the background of the test.
  void Begin(const std::string& scenario, const std::string& options = "") {
    run_ = std::thread([this, scenario, options] { result_ = RunScenarioText(scenario, options); });
  }
  ~MetricsTest() override { End(); }
  const CommandResult& End() {
    if (run_.joinable()) run_.join();
    return result_;
  }

  std::string UrlOf(const std::string& node) const {
    std::error_code none;
    for (const auto& run : std::filesystem::directory_iterator(runs() + "/small", none)) {
      if (run.is_symlink()) continue;
      const std::string told = ReadFile(run.path().string() + "/nodes/" + node + "/metrics");
      return std::string(absl::StripSuffix(told, "\n"));
    }
    return "";
  }
  Samples Scrape(const std::string& node) const {
    const std::string url = UrlOf(node);
    if (url.empty()) return {};
    const HttpAnswer answer = HttpGet(url);
    if (answer.status != 200) return {};
    EXPECT_EQ(answer.content_type, "text/plain; version=0.0.4; charset=utf-8");
    return Parse(answer.body);
  }
  double Sample(const std::string& node, const std::string& sample) const {
    const Samples samples = Scrape(node);
    const auto it = samples.find(sample);
    return it == samples.end() ? -1 : it->second;
  }
  static std::string Position(const std::string& node, const std::string& stage) {
    return absl::StrCat("replsim_position_lsn{node=\"", node, "\",stage=\"", stage, "\"}");
  }
  static std::string Lag(const std::string& unit, const std::string& replica) {
    return absl::StrCat("replsim_replica_lag_", unit, "{node=\"p\",replica=\"", replica,
                        "\",stage=\"apply\"}");
  }

 private:
  std::thread run_;
  CommandResult result_;
};

TEST_F(MetricsTest, PositionsOfEveryNodeGrowAndALeaderIsOne) {
  Begin(SmallScenario("expect: [{converged: '== 1'}]\n"));
  for (const std::string node : {"p", "r1", "r2"}) {
    double before = 0;
    ASSERT_TRUE(Eventually([&] { return (before = Sample(node, Position(node, "apply"))) > 0; }))
        << node;
    EXPECT_TRUE(Eventually([&] { return Sample(node, Position(node, "apply")) > before; })) << node;
    EXPECT_EQ(Sample(node, absl::StrCat("replsim_leads{node=\"", node, "\"}")), node == "p");
    EXPECT_EQ(Sample(node, absl::StrCat("replsim_epoch{node=\"", node, "\"}")), 1);
  }
  const Samples primary = Scrape("p");
  EXPECT_GT(primary.at("replsim_gate_wait_seconds_count{node=\"p\"}"), 0);
  EXPECT_EQ(primary.at("replsim_gate_wait_seconds_count{node=\"p\"}"),
            primary.at("replsim_gate_wait_seconds_bucket{node=\"p\",le=\"+Inf\"}"));
  EXPECT_EQ(HttpGet(UrlOf("p").substr(0, UrlOf("p").rfind('/')) + "/other").status, 404);
  EXPECT_EQ(End().exit, 0) << End().output;
}

TEST_F(MetricsTest, LagOfAReplicaThatIsCutOffGrowsAndThatOfTheOtherDoesNot) {
  Begin(SmallScenario("faults: [{when: {at: 100ms}, do: partition, from: [p], to: [r2]}]\n"
                      "expect: [{converged: '== 1'}]\n"),
        "--set duration=3s");
  ASSERT_TRUE(Eventually([&] { return Sample("p", Lag("seconds", "r2")) > 0.5; }));
  const Samples before = Scrape("p");
  ASSERT_TRUE(Eventually([&] { return Sample("p", Lag("seconds", "r2")) > 1; }));
  const Samples after = Scrape("p");
  for (const std::string unit : {"entries", "bytes", "seconds"}) {
    EXPECT_GT(after.at(Lag(unit, "r2")), before.at(Lag(unit, "r2"))) << unit;
    EXPECT_LT(after.at(Lag(unit, "r1")), after.at(Lag(unit, "r2")) / 2) << unit;
  }
  EXPECT_TRUE(Eventually([&] {
    return Sample("p", "replsim_replica_connected{node=\"p\",replica=\"r2\"}") == 0;
  })) << "silent for longer than the heartbeat's timeout";
  EXPECT_EQ(End().exit, 0) << End().output;
}

TEST_F(MetricsTest, AFixedPortIsTheFirstNodesAndTheNextTheNextOnes) {
  Begin(SmallScenario("expect: [{converged: '== 1'}]\n"), "--set cluster.metrics_port=29464");
  ASSERT_TRUE(Eventually([&] { return Sample("r2", Position("r2", "apply")) > 0; }));
  EXPECT_EQ(UrlOf("p"), "http://127.0.0.1:29464/metrics");
  EXPECT_EQ(UrlOf("r2"), "http://127.0.0.1:29466/metrics");
  EXPECT_EQ(End().exit, 0) << End().output;
}

TEST_F(MetricsTest, PortsBeyondTheLastOneAreRefused) {
  const CommandResult run = RunScenarioText(SmallScenario("expect: [{converged: '== 1'}]\n"),
                                            "--set cluster.metrics_port=65534");
  EXPECT_EQ(run.exit, 64);
  EXPECT_NE(run.output.find("metrics_port 65534"), std::string::npos) << run.output;
}

}  // namespace
}  // namespace replsim::node_metrics_test
