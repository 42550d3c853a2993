// The answer of `replsim choose` as text, Markdown, JSON and a page.
#include "simulator/choose/choose_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "simulator/choose/choose_page.h"
#include "simulator/choose/plan.h"

namespace replsim::choose_report_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Variant Worst() {
  ChooseRequest request;
  request.round_trips = *ParseRoundTrips("r1=2ms");
  request.flush = "1ms";
  request.rate = "1000/s";
  request.read_from = "primary";
  request.value_size = "100";
  request.duration = "2s";
  request.tries = 1;
  request.promote_after = "500ms";
  request.outage = "1s";
  return *FailedRun(request, "async", *FindFailure("primary-dies"), 0, {});
}

ChoiceCell Cell(const char* failure, std::optional<uint64_t> lost, bool promised) {
  ChoiceCell cell;
  cell.failure = FindFailure(failure);
  cell.runs = 4;
  cell.lost_most = lost;
  cell.promised = promised;
  cell.because = "the reason";
  cell.stop_ms = 652;
  cell.readers = {"monotonic_writes", "writes_follow_reads"};
  if (lost.value_or(0) > 0) cell.worst = Worst();
  return cell;
}

ChoiceResult Result() {
  ModeChoice async;
  async.mode = "async";
  async.runs = 2;
  async.p50_ms = 0.42;
  async.p99_ms = 1.2;
  async.per_second = 801.4;
  async.offered_per_second = 800;
  async.stop_ms = 4.4;
  async.readers = {"linearizable", "sequential"};
  async.cells = {Cell("primary-dies", 503, false), Cell("replica-hangs", 0, false)};
  ModeChoice sync;
  sync.mode = "sync";
  sync.runs = 2;
  sync.p50_ms = 31;
  sync.p99_ms = 36;
  sync.per_second = 448;
  sync.offered_per_second = 3000;
  sync.stop_ms = 36;
  sync.readers = {"linearizable"};
  sync.cells = {Cell("primary-dies", 0, true), Cell("replica-hangs", std::nullopt, true)};
  sync.cells[1].stop_at_least = true;
  sync.cells[1].not_judged = 1;
  sync.clients_needed = 93;
  ChoiceResult result;
  result.question = {"round trip to the primary: r1 2ms"};
  result.runs = 20;
  result.tries = 4;
  result.modes = {async, sync};
  result.command = "replsim choose --rtt r1=2ms";
  result.folder = "runs/choose";
  return result;
}

TEST(ChoiceText, IsATableWithTheRunsThatLostMost) {
  EXPECT_EQ(
      ChoiceText(Result()),
      "Which mode?\n"
      "  round trip to the primary: r1 2ms\n"
      "\n"
      "                    p50 / p99    per second  lost  promised   stopped           readers\n"
      "async            0.4 / 1.2 ms           801                    4.4 ms      linearizable\n"
      "  primary dies                                503        no    652 ms  monotonic writes\n"
      "  replica hangs                                 0      luck    652 ms  monotonic writes\n"
      "sync               31 / 36 ms  448 of 3,000                     36 ms      linearizable\n"
      "  primary dies                                  0       yes    652 ms  monotonic writes\n"
      "  replica hangs                                 -       yes  > 652 ms  monotonic writes\n"
      "\n"
      "20 runs in virtual time; each failure 4 times, at different instants and seeds\n"
      "1 run could not be judged: a fault did not happen, or the run failed\n"
      "sync needs 93 clients for this rate (--clients)\n"
      "p50 / p99, per second: of committed writes while no node fails; so is the rest of that "
      "row\n"
      "lost: the most acknowledged writes that one run lost; more runs may find more\n"
      "promised: whether acknowledged writes are promised to survive; luck: not promised, "
      "none lost\n"
      "stopped: the longest time without a committed write; >: it lasted until the load "
      "ended\n"
      "readers: the strongest guarantee that is promised to readers\n"
      "\n"
      "async, primary dies: 503 lost; 2 faults: kill primary, promote best\n"
      "  run it: replsim run runs/choose/async-primary-dies.yaml --runtime virtual\n"
      "repeat replsim choose --rtt r1=2ms\n");
}

TEST(ChoiceText, FitsAHundredColumns) {
  ChoiceResult result = Result();
  ModeChoice& mode = result.modes[0];
  mode.mode = "postgres:remote_apply";
  mode.p50_ms = 123;
  mode.p99_ms = 1234;
  mode.cells[0].lost_most = 123'456;
  mode.cells[0].readers = {"consistent_prefix"};
  mode.cells[1] = Cell("primary-loses-power", 0, false);
  result.seconds = 12.34;
  const std::string text = ChoiceText(result);
  EXPECT_THAT(text, HasSubstr("20 runs in virtual time, 12.3 s; each"));
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    EXPECT_LE(DisplayWidth(std::string(line)), 100u) << line;
  }
  EXPECT_THAT(text, HasSubstr("p50 / p99    per second"));
}

TEST(ChoiceText, WrapsWhatAConfigurationSays) {
  ChoiceResult result = Result();
  result.findings = {
      "postgresql.conf:3: synchronous_commit = on waits for no standby, because "
      "synchronous_standby_names is not set"};
  EXPECT_THAT(
      ChoiceText(result),
      HasSubstr("r1 2ms\n\npostgresql.conf:3: synchronous_commit = on waits for no standby, "
                "because synchronous_standby_names\n  is not set\n\n  "));
  EXPECT_THAT(ChoiceMarkdown(result), HasSubstr("- postgresql.conf:3: "));
  EXPECT_THAT(ChoiceJson(result).ToText(), HasSubstr("\"postgresql.conf:3: "));
  EXPECT_THAT(ChoosePage(result), HasSubstr("<li>postgresql.conf:3: "));
}

TEST(ChoiceText, ShowsViolations) {
  ChoiceResult result = Result();
  EXPECT_EQ(ChoiceStatus(result), 0);
  result.modes[1].cells[0].violations = {"seed 2: lost-write: 2 lost"};
  EXPECT_THAT(ChoiceText(result),
              HasSubstr("VIOLATION  sync, primary dies, seed 2: lost-write: 2 lost\n"));
  EXPECT_THAT(ChoosePage(result), HasSubstr("<li>sync, primary dies, seed 2: lost-write: 2 lost"));
  EXPECT_EQ(ChoiceStatus(result), 1);
  result = Result();
  result.modes[1].cells[1].not_judged = 4;
  EXPECT_EQ(ChoiceStatus(result), 2);
}

TEST(ChoiceMarkdown, HasTheTableAndTheCommands) {
  const std::string text = ChoiceMarkdown(Result());
  EXPECT_THAT(text, HasSubstr("| async | 0.4 / 1.2 ms | 801 |"));
  EXPECT_THAT(text, HasSubstr("* async, primary dies: 503 lost; 2 faults: kill primary, promote "
                              "best: `replsim run runs/choose/async-primary-dies.yaml"));
  EXPECT_THAT(text, HasSubstr("- 20 runs in virtual time"));
}

TEST(ChoiceJson, HasEachCellAndLeavesOutWhatIsUnknown) {
  const std::string json = ChoiceJson(Result()).ToText();
  EXPECT_THAT(json,
              HasSubstr("\"lost_most\": 503,\n     \"promised\": false,\n     \"because\": \"the "
                        "reason\",\n     \"verdict\": \"no\""));
  EXPECT_THAT(json, HasSubstr("\"run\": \"replsim run runs/choose/async-primary-dies.yaml"));
  EXPECT_THAT(json, HasSubstr("\"not_judged\": 1,\n     \"promised\": true"));
}

TEST(ChoosePage, DrawsTheTradeOffOfEachFailureThatLost) {
  const std::string page = ChoosePage(Result());
  EXPECT_THAT(page, HasSubstr("<h2>Write latency against writes lost if the primary dies</h2>"));
  EXPECT_THAT(page, Not(HasSubstr("writes lost if a replica hangs")));
  EXPECT_THAT(page, HasSubstr("<title>async: write latency p99, no failure 1.2 ms, 503 "
                              "acknowledged writes</title>"));
  EXPECT_THAT(page, HasSubstr("<b>async</b>"));
  EXPECT_THAT(page, HasSubstr("<code>replsim run runs/choose/async-primary-dies.yaml"));
}

}  // namespace
}  // namespace replsim::choose_report_test
