// `replsim run --serve`: the page of a run in progress, and its buttons.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/live/background_command.h"
#include "tests/live/eventually.h"
#include "tests/live/http_client.h"
#include "tests/live/live_fixture.h"

namespace replsim::serve_run_test {
namespace {

class ServeRunTest : public LiveTest {
 protected:
  // A run in the background of the test; its output goes to a file.
  void Begin(const std::string& scenario, const std::string& options) {
    std::vector<std::string> words = {absl::StrCat(REPLSIM_BIN, "/replsim"),
                                      "run",
                                      WriteFile("scenario.yaml", scenario),
                                      "--quiet",
                                      "--out",
                                      runs()};
    for (const auto option : absl::StrSplit(options, ' ')) words.emplace_back(option);
    ASSERT_TRUE(run_.Begin(std::move(words), folder() + "/said"));
  }
  std::string Said() const { return run_.Said(); }
  // Waits for the server and returns its address with a final '/'.
  std::string Url() const { return run_.Read("serving "); }
  bool AwaitReport() {
    return Eventually([&] { return absl::StrContains(Said(), "remains available until Ctrl-C"); });
  }
  // Sends SIGINT, as Ctrl-C does, and returns the exit status.
  int Interrupt() {
    run_.Interrupt();
    return run_.Wait();
  }
  std::string Recorded(const std::string& name) const {
    return ReadFile(runs() + "/small/latest/" + name);
  }

  static std::string WithAFaultThatNeverComes() {
    return SmallScenario(
        "faults: [{when: {committed: 1000000}, do: pause, node: r1}]\n"
        "expect: [{converged: '== 1'}]\n");
  }

 private:
  BackgroundCommand run_;
};

// Longer than any test: the run continues until it is interrupted.
TEST_F(ServeRunTest, ThePageAndItsUpdatesComeWhileTheRunGoesOn) {
  Begin(SmallScenario("expect: [{converged: '== 1'}]\n"), "--serve 0 --set duration=600s");
  const std::string url = Url();
  EXPECT_TRUE(absl::StartsWith(url, "http://127.0.0.1:")) << url;
  const HttpAnswer first = HttpGet(url);
  EXPECT_EQ(first.status, 200);
  EXPECT_TRUE(absl::StrContains(first.body, "Does it work?")) << first.body;
  EXPECT_FALSE(absl::StrContains(first.body, "<button")) << "not asked for";

  std::string events;
  HttpStream(url + "events", [&](const std::string& piece) {
    events += piece;
    return !absl::StrContains(events, "id: 2\n");
  });
  // If an update takes long, heartbeats precede it.
  EXPECT_TRUE(absl::StrContains(events, "event: update\nid: 1\ndata: {\"complete\":"));
  EXPECT_EQ(Interrupt(), 130) << Said();
}

TEST_F(ServeRunTest, ThePageStaysAfterTheRun) {
  Begin(SmallScenario("expect: [{converged: '== 1'}]\n"), "--serve 0");
  const std::string url = Url();
  ASSERT_TRUE(AwaitReport()) << Said();
  const std::string last = HttpGet(url).body;
  EXPECT_TRUE(absl::StrContains(last, "committed per second")) << last;
  EXPECT_EQ(HttpPost(url + "fault/1").status, 403);
  EXPECT_EQ(Interrupt(), 0) << Said();
}

TEST_F(ServeRunTest, AButtonBreaksTheRunAsTheScenarioWould) {
  Begin(WithAFaultThatNeverComes(), "--serve 0 --interactive --set duration=600s");
  const std::string url = Url();
  EXPECT_TRUE(absl::StrContains(HttpGet(url).body, "<button value=\"1\">pause r1</button>"));
  EXPECT_EQ(HttpPost(url + "fault/2").status, 404);
  EXPECT_EQ(HttpPost(url + "fault/1", {{"Origin", "http://evil.example"}}).status, 403);
  ASSERT_TRUE(Eventually([&] { return HttpPost(url + "fault/1").status == 204; }));
  const HttpAnswer again = HttpPost(url + "fault/1");
  EXPECT_EQ(again.status, 409) << "it is paused already";
  const std::string events = Recorded("events.jsonl");
  bool paused = false;
  for (const auto line : absl::StrSplit(events, '\n')) {
    paused |= absl::StrContains(line, "\"PAUSED\"") && absl::StrContains(line, "\"fault\":1");
  }
  EXPECT_TRUE(paused) << events;
  EXPECT_EQ(Interrupt(), 130) << Said();
  EXPECT_TRUE(absl::StrContains(Recorded("manifest.json"), "fault 1 was injected by hand"));
}

// Families on a page, as the names of their samples may be.
std::set<std::string> FamiliesOf(const std::string& page) {
  std::set<std::string> names;
  for (const auto line : absl::StrSplit(page, '\n')) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words.size() != 4 || words[1] != "TYPE") continue;
    if (words[3] != "histogram") {
      names.insert(words[2]);
      continue;
    }
    for (const char* part : {"_bucket", "_sum", "_count"}) names.insert(words[2] + part);
  }
  return names;
}

TEST_F(ServeRunTest, MetricsShowClientsAndFaultsAndAllThatDashboardAndAlertsAskFor) {
  Begin(WithAFaultThatNeverComes(), "--serve 0 --interactive --set duration=600s");
  const std::string url = Url();
  const auto metrics = [&] { return HttpGet(url + "metrics").body; };
  const auto written = [&] {
    constexpr char kCommitted[] = "replsim_client_writes_total{outcome=\"committed\"} ";
    const std::string page = metrics();
    const size_t at = page.find(kCommitted);
    return at == std::string::npos ? 0 : std::stol(page.substr(at + sizeof(kCommitted) - 1));
  };
  ASSERT_TRUE(Eventually([&] { return written() > 0; })) << metrics();
  const long before = written();
  EXPECT_TRUE(Eventually([&] { return written() > before; }));
  EXPECT_EQ(HttpGet(url + "metrics").content_type, "text/plain; version=0.0.4; charset=utf-8");
  const std::string paused = "replsim_fault_active{kind=\"paused\",node=\"r1\"} 1\n";
  EXPECT_FALSE(absl::StrContains(metrics(), paused));

  std::set<std::string> exported = FamiliesOf(metrics());
  for (const std::string node : {"p", "r2"}) {
    std::string page;
    EXPECT_TRUE(Eventually([&] {
      page = HttpGet(std::string(absl::StripSuffix(Recorded("nodes/" + node + "/metrics"), "\n")))
                 .body;
      return node != "p" || absl::StrContains(page, "replsim_replica_lag_seconds{");
    })) << page;
    exported.merge(FamiliesOf(page));
  }
  ASSERT_EQ(HttpPost(url + "fault/1").status, 204);
  EXPECT_TRUE(absl::StrContains(metrics(), paused)) << metrics();

  const std::regex name("replsim_[a-z_]+");
  std::set<std::string> asked;
  for (const char* file : {"grafana-dashboard.json", "alerts.yml"}) {
    const std::string text = ReadFile(absl::StrCat(REPLSIM_DOCS, "/monitoring/", file));
    for (std::sregex_iterator n(text.begin(), text.end(), name), end; n != end; ++n) {
      asked.insert(n->str());
      EXPECT_TRUE(exported.contains(n->str())) << n->str() << " in " << file;
    }
  }
  EXPECT_GT(asked.size(), 20u) << "the expressions were not found";
  EXPECT_EQ(Interrupt(), 130) << Said();
}

size_t CountOf(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// A stock Grafana refuses a shorter refresh, and averages over a minute without a step.
TEST_F(ServeRunTest, TheDashboardSuitsAStockGrafana) {
  const std::string text =
      ReadFile(absl::StrCat(REPLSIM_DOCS, "/monitoring/grafana-dashboard.json"));
  EXPECT_EQ(CountOf(text, "\"refresh\": \"5s\""), 1u);
  const size_t queries = CountOf(text, "\"refId\": ");
  EXPECT_GT(queries, 15u);
  EXPECT_EQ(CountOf(text, "\"interval\": \"1s\""), queries);
  EXPECT_EQ(CountOf(text, "\"expr\": "), queries + 1) << "one for the annotations";
}

TEST_F(ServeRunTest, AButtonDoesNothingWhenTheRunIsOver) {
  Begin(WithAFaultThatNeverComes(), "--serve 0 --interactive");
  const std::string url = Url();
  ASSERT_TRUE(AwaitReport()) << Said();
  EXPECT_EQ(HttpPost(url + "fault/1").status, 409);
  EXPECT_TRUE(absl::StrContains(HttpGet(url).body, "committed per second"));
  EXPECT_EQ(Interrupt(), 2) << "the fault did not happen: " << Said();
}

TEST_F(ServeRunTest, InterruptedWhileItGoesOnItEndsAsAnyRun) {
  Begin(WithAFaultThatNeverComes(), "--serve 0 --set duration=60s");
  const std::string url = Url();
  HttpStream(url + "events", [&](const std::string&) { return false; });
  EXPECT_EQ(Interrupt(), 130);
}

TEST_F(ServeRunTest, WhatCannotBeServedIsAUsageError) {
  const std::string scenario = WithAFaultThatNeverComes();
  const auto refused = [&](const std::string& options, const std::string& why) {
    const CommandResult run = RunScenarioText(scenario, options);
    EXPECT_EQ(run.exit, 64) << options;
    EXPECT_TRUE(absl::StrContains(run.output, why)) << run.output;
  };
  refused("--serve 0 --runtime virtual", "cannot show a run in virtual time");
  refused("--interactive", "needs --serve");
  refused("--serve x", "expected a port");
  refused("--serve 70000", "expected a port");
  Begin(scenario, "--serve 0 --set duration=60s");
  const std::string url = Url();
  const std::string port = url.substr(url.rfind(':') + 1, url.size() - url.rfind(':') - 2);
  refused("--serve " + port, "the port is in use");
}

}  // namespace
}  // namespace replsim::serve_run_test
