#include "simulator/report/text_report.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "simulator/analysis/evidence/settings.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/compare.h"
#include "simulator/report/explain.h"
#include "simulator/report/lag_csv.h"
#include "simulator/report/report_file.h"
#include "simulator/report/table.h"
#include "tests/unit/report_runs.h"

namespace replsim::text_report_test {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

TEST(TextReport, GivesTheAnswerFirstAndUnitsAlways) {
  const proto::Report report = BuildReport(Variants(1), "It does.", Expect("acked_lost", "> 0"));
  EXPECT_EQ(TextReport(report, {.width = 100, .color = false, .run_folder = "runs/fake/latest"}),
            R"(fake · virtual · seed 42 · 1 s
What happens?
It does.

                                         variant-0
Lost
  acknowledged, then lost                        1
  time span lost (RPO)                      1.0 ms
  unknown to the client                          0
  at risk if the primary dies (mean)         0.025
Latency
  write latency p50 / p99               10 / 11 ms
  write latency p50 / p99, healthy     3.0 / 10 ms
  committed per second                         3.0
Availability
  writes stopped (RTO)                      250 ms   detection 139, promotion 60, first write 51 ms
  longest time without a write              539 ms
  p was down                                789 ms
  time without a primary                    189 ms
Lag
  apply lag p99       r1                    195 ms
  converged                                    yes

)"
            "consistency (variant-0): not judged: no read was answered\n"
            "first lost write (variant-0): 1:2 key k0713, acknowledged 0.210 s; r1 had received 1 "
            "of epoch 1 when p died\n"
            R"(held  variant-0: acknowledged, then lost > 0 (1)
report runs/fake/latest/report.html · replsim explain runs/fake/latest lost
)");
}

TEST(TextReport, SaysLoudlyWhatDidNotHold) {
  const std::string text =
      TextReport(BuildReport(Variants(2), "It does not.", Expect("acked_lost", "== 0")));
  EXPECT_THAT(text, HasSubstr("NOT HELD  every variant: acknowledged, then lost == 0 (1)"));
  EXPECT_THAT(text, Not(HasSubstr("It does not."))) << "the answer stands only where it was shown";
  EXPECT_THAT(text, Not(HasSubstr("\033[")));
}

TEST(TextReport, ColoursOnlyWhenAsked) {
  const proto::Report report = BuildReport(Variants(1), "", Expect("acked_lost", "== 0"));
  EXPECT_THAT(TextReport(report, {.width = 100, .color = true, .run_folder = ""}),
              HasSubstr("\033[31;1mNOT HELD"));
}

TEST(TextReport, ThreeVariantsFitAHundredColumnsAndMoreAreWrapped) {
  for (const int variants : {3, 9}) {
    const std::string text = TextReport(BuildReport(Variants(variants), "", {}));
    const std::string table = text.substr(0, text.find("first lost"));
    for (const auto& line : std::vector<std::string>(absl::StrSplit(table, '\n'))) {
      EXPECT_LE(DisplayWidth(line), 100u) << line;
    }
    EXPECT_THAT(text, HasSubstr(absl::StrCat("variant-", variants - 1)));
  }
}

// A load that asks for more than is done, and writes whose outcome is not known.
TEST(TextReport, SaysWhatWasOfferedWhereLessWasDone) {
  proto::Report report;
  proto::RunReport& run = *report.add_runs();
  run.set_load_seconds(4);
  run.mutable_writes()->set_per_second(448);
  run.mutable_throughput()->set_offered_per_second(2100);
  run.mutable_write_with_unknown_us()->set_unknown(3);
  run.mutable_write_with_unknown_us()->set_p99(1'000'000);
  run.mutable_write_with_unknown_us()->set_p99_at_least(true);
  EXPECT_THAT(TextReport(report),
              AllOf(HasSubstr("448 of 2,100 offered\n"),
                    HasSubstr("write latency p99 with unknown"), HasSubstr("   >= 1,000 ms\n")));
  run.mutable_throughput()->set_offered_per_second(470);
  EXPECT_THAT(TextReport(report), Not(HasSubstr("offered"))) << "5 % less may be chance";
}

TEST(TextReport, SaysHowLongClientsOfEachGroupWaited) {
  proto::Report report;
  proto::RunReport& run = *report.add_runs();
  run.mutable_availability()->set_unavailable_ms(18);
  proto::RunReport::GroupInterruption& winning = *run.mutable_interruptions()->add_groups();
  winning.set_group("winning");
  winning.set_unavailable_ms(1004);
  EXPECT_THAT(TextReport(report),
              HasSubstr("longest time without a write, clients in winning   1,004 ms\n"));
}

// Two replicas that disagree; `late_ms`: when the later read began.
Recording Disagreeing(const std::string& variant, double late_ms) {
  FakeRecording fake({"p", "r1"});
  fake.manifest().set_variant(variant);
  fake.Leads("p", 900, 1, 0);
  fake.Log(fake.Write(1, 7, 1000, 1300, proto::COMMITTED, 1, 1));
  fake.Read(2, 7, 1050, 1060, "r1", 1, 1);
  fake.Read(3, 7, late_ms, late_ms + 10, "p", 0, 0);
  return fake.Done();
}

TEST(TextReport, SaysFirstWhichGuaranteesHeldThenWhichDidNotAndWhy) {
  const std::string text = TextReport(BuildReport({Disagreeing("far", 1100)}, "", {}));
  EXPECT_THAT(text, AllOf(ContainsRegex("strongest guarantee that held +sequential\n"),
                          ContainsRegex("first that did not hold +linearizable\n"),
                          ContainsRegex("violations of it +1 of 2\n")));
  EXPECT_THAT(text, HasSubstr("consistency (far): sequential held; NOT linearizable: 1 of 2 reads "
                              "late, by up to 40.0 ms\n"
                              "  key k0007: client 3 read nil on p (0.100000 to 0.110000 s), after "
                              "it had been overwritten\n"));
  EXPECT_THAT(text, HasSubstr(": a contradiction\n"));
}

TEST(TextReport, SaysBesideWhatHeldWhatReadersArePromised) {
  proto::Report report = BuildReport({Disagreeing("far", 1100), Disagreeing("near", 1100)}, "", {});
  EXPECT_THAT(TextReport(report), Not(HasSubstr("promised")));
  for (const char* name : {"linearizable", "sequential", "monotonic_writes"}) {
    proto::PromisedGuarantee& promise =
        *report.mutable_runs(0)->mutable_promise()->add_to_readers();
    promise.set_name(name);
    promise.set_promised(std::string(name) == "monotonic_writes");
    *report.mutable_runs(1)->mutable_promise()->add_to_readers() = promise;
  }
  EXPECT_THAT(TextReport(report),
              ContainsRegex("strongest guarantee that held +sequential +sequential\n"
                            " +strongest promised to readers +monotonic writes +monotonic "
                            "writes\n"));
  report.mutable_runs(1)->mutable_promise()->mutable_to_readers(2)->set_promised(false);
  EXPECT_THAT(TextReport(report), ContainsRegex("promised to readers +monotonic writes +none\n"));
}

TEST(TextReport, TellsTheContradictionOfOneVariantAndWhatIsAlikeOnce) {
  FakeRecording good({"p"});
  good.Leads("p", 900, 1, 0);
  good.Log(good.Write(1, 7, 1000, 1010, proto::COMMITTED, 1, 1));
  good.Read(2, 7, 1050, 1060, "p", 1, 1);
  good.Read(2, 7, 1070, 1080, "p", 1, 1);
  std::vector<Recording> recordings = {Disagreeing("a", 1100), Disagreeing("b", 1100), good.Done(),
                                       good.Done()};
  recordings[2].manifest.set_variant("c");
  recordings[3].manifest.set_variant("d");
  const std::string text = TextReport(BuildReport(recordings, "", {}));
  EXPECT_THAT(text, HasSubstr("consistency (c, d): linearizable held\n"));
  const size_t told = text.find(": a contradiction");
  ASSERT_NE(told, std::string::npos);
  EXPECT_EQ(text.find(": a contradiction", told + 1), std::string::npos) << text;
}

TEST(TextReport, SaysInHowManyRepeatsAGuaranteeFailed) {
  std::vector<Recording> recordings;
  for (uint32_t repeat = 1; repeat <= 3; ++repeat) {
    // The second read of the first repeat overlaps the first one.
    recordings.push_back(Disagreeing("far", repeat == 1 ? 1055 : 1100));
    recordings.back().manifest.set_repeat(repeat);
  }
  const std::string text = TextReport(BuildReport(recordings, "", {}));
  EXPECT_THAT(text, ContainsRegex("violations of it +2 of 3 runs\n"));
  EXPECT_THAT(text, HasSubstr("(in 2 of 3 runs; this is repeat 2)"));
}

TEST(TextReport, ALoadWithoutReadsIsNotJudged) {
  EXPECT_THAT(TextReport(BuildReport(Variants(2), "", {})),
              HasSubstr("consistency (every variant): not judged: no read was answered\n"));
}

TEST(TextReport, AnUnknownValueIsADash) {
  FakeRecording fake({"p"});
  fake.node("p").trace.reset();
  const std::string text = TextReport(BuildReport({fake.Done()}, "", {}));
  EXPECT_THAT(text, AllOf(HasSubstr("acknowledged, then lost               -\n"),
                          HasSubstr("note  async: no leadership was recorded")));
}

TEST(TextReport, TellsHowClientsWaitedOnlyWhereItWasNotForOneAnswer) {
  std::vector<Recording> recordings = Variants(1);
  for (Operation& operation : recordings[0].operations) operation.attempts = operation.requests = 1;
  const TextOptions style{.width = 100, .color = false, .run_folder = ""};
  EXPECT_THAT(TextReport(BuildReport(recordings, "", {}), style),
              AllOf(Not(HasSubstr("ticket")), Not(HasSubstr("requests per write"))));
  for (Operation& operation : recordings[0].operations) {
    operation.ticket_ns = operation.invoked_ns + kMs;
    operation.attempts = 2;
    operation.requests = 5;
  }
  EXPECT_THAT(TextReport(BuildReport(recordings, "", {}), style),
              AllOf(ContainsRegex("time to ticket p50 / p99 +1[.]0 / 1[.]0 ms"),
                    ContainsRegex("time to gate p50 / p99 +2[.]0 / 9[.]0 ms"),
                    ContainsRegex("acknowledged or ticketed, then lost +1"),
                    ContainsRegex("requests per write +5[.]0"), ContainsRegex("applied twice +0")));
}

TEST(TextReport, EndsInVirtualTimeWithTheCommandThatRepeatsTheRun) {
  FakeRecording fake = LosingRun();
  fake.manifest().set_command("replsim run fake.yaml --seed 42 --runtime virtual");
  const TextOptions options{.width = 100, .color = false, .run_folder = "runs/fake/latest"};
  EXPECT_THAT(
      TextReport(BuildReport({fake.Done()}, "", {}), options),
      testing::EndsWith("lost\nrepeat replsim run fake.yaml --seed 42 --runtime virtual\n"));
  fake.manifest().set_runtime("live");
  EXPECT_THAT(TextReport(BuildReport({fake.Done()}, "", {}), options), testing::EndsWith("lost\n"));
}

TEST(TextReport, BreachesAreNeverLeftOut) {
  FakeRecording fake = LosingRun();
  fake.Event(2600, proto::RunEvent::NOT_CONVERGED, "", "", "r1 has applied 3 of 9");
  EXPECT_THAT(TextReport(BuildReport({fake.Done()}, "", {})),
              HasSubstr("VIOLATION  async: did not converge: r1 has applied 3 of 9"));
}

// A run of two nodes in which nothing was lost, or one write was, and what its mode promised.
proto::Report Promised(bool keeps, bool lost) {
  FakeRecording fake = LosingRun();
  if (!lost) fake.manifest().set_final_primary("p");
  proto::Report report = BuildReport({fake.Done()}, "", {});
  proto::RunReport& run = *report.mutable_runs(0);
  run.mutable_writes()->set_acked_lost(lost ? 1 : 0);
  run.mutable_writes()->set_protected_lost(0);
  run.mutable_promise()->set_keeps_acknowledged(keeps);
  run.mutable_promise()->set_faults(2);
  return report;
}

TEST(TextReport, TellsALossOfNoneThatWasPromisedFromOneThatWasLuck) {
  EXPECT_THAT(TextReport(Promised(false, false)),
              AllOf(ContainsRegex("acknowledged, then lost +0 .luck: not promised.\n"),
                    ContainsRegex("promised to survive +no\n")));
  EXPECT_THAT(TextReport(Promised(true, false)),
              AllOf(ContainsRegex("acknowledged, then lost +0\n"),
                    ContainsRegex("promised to survive +yes\n"), Not(HasSubstr("luck"))));
  EXPECT_THAT(TextReport(Promised(true, true)), HasSubstr("1 (unprotected)"));
}

TEST(TextReport, PromisesNothingWhereNoFaultPutsItToTheTest) {
  proto::Report report = Promised(false, false);
  report.mutable_runs(0)->mutable_promise()->set_faults(0);
  EXPECT_THAT(TextReport(report), Not(HasSubstr("promised to survive")));
}

TEST(TextReport, TheAnswerStandsOnlyWhereNoInvariantWasViolated) {
  FakeRecording fake = LosingRun();
  fake.Event(2600, proto::RunEvent::NOT_CONVERGED, "", "", "r1 is down");
  EXPECT_THAT(TextReport(BuildReport({fake.Done()}, "It does.", {})), Not(HasSubstr("It does.")));
}

TEST(TextReport, ReplicasStandBeforeTheFirstPrimary) {
  proto::Report report = BuildReport(Variants(1), "", {});
  for (const char* id : {"p", "r10", "r2"}) {
    proto::RunReport::Lag lag = report.runs(0).lag(3);  // of the stage apply
    lag.set_replica(id);
    *report.mutable_runs(0)->add_lag() = lag;
  }
  const std::string text = TextReport(report);
  EXPECT_LT(text.find(" r1 "), text.find(" r2 "));
  EXPECT_LT(text.find(" r2 "), text.find(" r10 "));
  EXPECT_LT(text.find(" r10 "), text.find(" p  "));
}

TEST(Report, HoldsTheSettingsInTheOrderOfTheScenarioAndTheFastestWrite) {
  std::vector<Recording> recordings = Variants(1);
  recordings[0].scenario_yaml = "name: fake\nworkload:\n  keys: 9\ncluster:\n  replicas: 1\n";
  const proto::Report report = BuildReport(recordings, "", {});
  std::vector<std::string> paths;
  for (const auto& setting : report.runs(0).knobs()) paths.push_back(setting.path());
  EXPECT_THAT(paths, ElementsAre("name", "workload.keys", "cluster.replicas"));
  EXPECT_EQ(report.runs(0).latency_us().write().min(), 3000);
}

TEST(TextReport, OfRepeatsHasAColumnPerVariantAndMediansInIt) {
  const proto::Report report = BuildReport(Repeats(6), "It does.", Expect("acked_lost", "== 1"));
  EXPECT_EQ(TextReport(report),
            R"(fake · virtual · seeds 42 to 47 · 2 × 6 × 1 s
What happens?
It does.

                                         fast                 slow
Lost
  acknowledged, then lost                   1                    1
  time span lost (RPO)                 1.0 ms      45 ms [20 … 70]
  unknown to the client                     0                    0
  at risk if the primary dies (mean)    0.025                0.025
Latency
  write latency p50                     10 ms      45 ms [20 … 70]
  write latency p99                     11 ms      46 ms [21 … 71]
  write latency p50, healthy           3.0 ms      38 ms [13 … 63]
  write latency p99, healthy            10 ms      45 ms [20 … 70]
  committed per second                    3.0                  3.0
Availability
  writes stopped (RTO)                 250 ms               251 ms
  longest time without a write         539 ms   504 ms [479 … 529]
  p was down                           789 ms               789 ms
  time without a primary               189 ms               189 ms
Lag
  apply lag p99       r1               195 ms               195 ms
  converged                               yes                  yes
medians of 6 runs [their 95 % interval]

)"
            "consistency (every variant): not judged: no read was answered\n"
            "first lost write (fast, repeat 1): 1:2 key k0713, acknowledged 0.210 s; r1 had "
            "received 1 of epoch 1 when p died\n"
            "first lost write (slow, repeat 1): 1:2 key k0713, acknowledged 0.220 s; r1 had "
            "received 1 of epoch 1 when p died\n"
            "held  every variant: acknowledged, then lost == 1 (6 of 6; 1)\n");
}

TEST(TextReport, OfTooFewRepeatsHasMediansWithoutAnInterval) {
  EXPECT_THAT(TextReport(BuildReport(Repeats(5), "", {})),
              AllOf(HasSubstr("medians of 5 runs; an interval needs 6\n"), Not(HasSubstr("[")),
                    HasSubstr("seeds 42 to 46 · 2 × 5 × 1 s")));
}

TEST(LagCsv, TellsRepeatsApart) {
  RunAnalysis run;
  run.report.set_variant("async");
  run.report.set_repeat(3);
  run.lag.push_back({"r1", "apply", {LagAt{5, 500, 2'500'000}}, {RecordedState::kPaused}});
  EXPECT_EQ(LagCsvHead(true), "t_ms,variant,repeat,replica,stage,entries,bytes,time_us,state\n");
  EXPECT_EQ(LagCsvRows(run, true), "0,async,3,r1,apply,5,500,2500,paused\n");
}

TEST(LagCsv, HasARowPerInstantAndEmptyFieldsForTheUnknown) {
  RunAnalysis run;
  run.report.set_variant("async, 20ms");
  run.lag.push_back({"r1",
                     "apply",
                     {std::nullopt, LagAt{5, 500, 2'500'000}},
                     {RecordedState::kLeading, RecordedState::kDown}});
  EXPECT_EQ(LagCsvHead(false), "t_ms,variant,replica,stage,entries,bytes,time_us,state\n");
  EXPECT_EQ(LagCsvRows(run, false),
            "0,\"async, 20ms\",r1,apply,,,,leading\n"
            "100,\"async, 20ms\",r1,apply,5,500,2500,down\n");
}

TEST(Settings, AreNamedByTheirPath) {
  const std::vector<std::pair<std::string, std::string>> settings = FlattenSettings(
      "name: x   # a comment\n"
      "faults:\n"
      "  - when:\n"
      "      at: 1s\n"
      "    do: kill\n"
      "  - {when: {at: 2s}, do: restart}\n"
      "cluster:\n"
      "  replicas: 2\n"
      "question: \"What # happens?\"\n");
  EXPECT_THAT(
      settings,
      ElementsAre(Pair("name", "x"), Pair("faults[0].when.at", "1s"), Pair("faults[0].do", "kill"),
                  Pair("faults[1]", "{when: {at: 2s}, do: restart}"), Pair("cluster.replicas", "2"),
                  Pair("question", "What # happens?")));
}

TEST(Explain, TellsTheLifeOfTheFirstLostWrite) {
  const absl::StatusOr<std::string> text = ExplainWrite(LosingRun().Done(), "lost");
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text, R"(1:2 key k0713 · client 4 request 2 · acknowledged, then lost
lost: 1:2 key k0713, acknowledged 0.210 s; r1 had received 1 of epoch 1 when p died

10 ms: 7.0 ms waiting for the gate

       1.000 ms  the request to reach p          ████
       1.000 ms  p's flush                           ████
       7.000 ms  the gate                                ████████████████████████████
       1.000 ms  the answer to reach its client                                      ████

times since the client sent it, at 0.200 s of the load

       0.000 ms  client 4 sent the write
       1.000 ms  p append
       2.000 ms  p flush
       9.000 ms  p gate reached
      10.000 ms  client 4 was answered: committed
)");
}

TEST(TextReport, ExplainTellsThatTheOldPrimaryTruncatedALostWrite) {
  FakeRecording fake = LosingRun();
  fake.Started("p", 1500, 2, 1).Trace("p", 1520, TraceKind::kTruncated, 2, 1);
  EXPECT_THAT(*ExplainWrite(fake.Done(), "lost"),
              ContainsRegex("answered: committed\n(.*\n)* +320.000 ms  p truncated it\n"));
}

TEST(TextReport, ANoteNamesEveryVariantThatItIsAbout) {
  proto::Report report = BuildReport(Variants(3), "", {});
  report.mutable_runs(0)->add_notes("of two");
  report.mutable_runs(2)->add_notes("of two");
  for (proto::RunReport& run : *report.mutable_runs()) run.add_notes("of all");
  EXPECT_THAT(TextReport(report), AllOf(HasSubstr("note  every variant: of all\n"),
                                        HasSubstr("note  variant-0, variant-2: of two\n")));
}

TEST(TextReport, HasRowsOfElectionsOnlyWhereNodesElected) {
  FakeRecording fake = LosingRun();
  EXPECT_THAT(TextReport(BuildReport({fake.Done()}, "", {})), Not(HasSubstr("elections")));
  fake.Trace("r1", 1320, TraceKind::kSuspects, 1, 1);
  fake.Trace("r1", 1360, TraceKind::kStands, 2, 1).Trace("r1", 1370, TraceKind::kElected, 2, 1);
  fake.Trace("r1", 1340, TraceKind::kStands, 3, 1);
  const std::string text = TextReport(BuildReport({fake.Done()}, "", {}),
                                      {.width = 120, .color = false, .run_folder = ""});
  EXPECT_THAT(text, ContainsRegex("elections +2\n"));
  EXPECT_THAT(text, ContainsRegex("elections without a winner +1\n"));
  EXPECT_THAT(text, HasSubstr("detection 109, election 50, promotion 30, first write 61 ms"));
  EXPECT_THAT(text, Not(HasSubstr("discovery")));
}

TEST(Explain, FindsWritesByLsnPositionAndKey) {
  const Recording recording = LosingRun().Done();
  EXPECT_THAT(*ExplainWrite(recording, "1"),
              HasSubstr("1:1 key k0713 · client 3 request 1 · acknowledged, in the final log"));
  EXPECT_THAT(*ExplainWrite(recording, "1:1"), HasSubstr("p learned that r1 had received it"));
  EXPECT_THAT(*ExplainWrite(recording, "2"), HasSubstr("2:2 key")) << "the newest epoch's";
  EXPECT_THAT(*ExplainWrite(recording, "k0713"), HasSubstr("2:2 key")) << "the last write to it";
  EXPECT_EQ(ExplainWrite(recording, "77").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ExplainWrite(recording, "yesterday").status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace replsim::text_report_test
