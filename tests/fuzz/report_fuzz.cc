// Any bytes as report.json, as `compare` reads it: what is read can be compared, held to
// thresholds, shown as a page and as JUnit XML, and is written and read again equal.
#include "common/base/check.h"
#include "simulator/analysis/compare/threshold.h"
#include "simulator/analysis/run_report.h"
#include "simulator/report/compare.h"
#include "simulator/report/junit.h"
#include "simulator/report/page/compare_page.h"
#include "simulator/report/report_file.h"
#include "simulator/report/text_report.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/fake_recording.h"

namespace replsim {
namespace {

void Compare(const proto::Report& report) {
  const std::vector<proto::Report> reports = {report, report};
  const std::vector<std::string> names = {"old", "new"};
  const std::vector<RunGroup> groups = GroupsOf(reports, names);
  REPL_CHECK(!CompareText(groups, 0).empty());
  ComparePageInput page;
  page.groups = groups;
  REPL_CHECK(!ComparePage(page).empty());
  for (const char* text : {"write_p99_ms <= +10%", "acked_lost <= +0", "rto <= 1s"}) {
    const absl::StatusOr<Threshold> threshold = ParseThreshold(text);
    if (threshold.ok()) JudgeThresholds({*threshold}, reports[0], reports[1]);
  }
}

}  // namespace

void FuzzOne(absl::string_view input) {
  static const ScratchFolder folder;
  const std::string path = folder.Write("report.json", input);
  const absl::StatusOr<proto::Report> report = LoadReport(folder.path());
  if (!report.ok()) return CheckRefusal(report.status(), path);
  if (report->runs_size() > 0) Compare(*report);
  REPL_CHECK(!JUnitXml(*report).empty());
  ViolationsText(*report, {});
  ExpectationsText(*report, {});
  REPL_CHECK(SaveReport(folder.path(), *report).ok());
  const absl::StatusOr<proto::Report> again = LoadReport(folder.path());
  REPL_CHECK(again.ok(), again.status().ToString());
  REPL_CHECK(ReportJson(*again) == ReportJson(*report));
}

std::vector<std::string> FuzzSeeds() {
  FakeRecording run({"p", "r1"});
  run.Started("p", 999).Leads("p", 1000, 1, 0).Reaches("p", 1100, 1, 1).Reaches("r1", 1101, 1, 1);
  run.Log(run.Write(0, 7, 1100, 1105, proto::COMMITTED, 1, 1, "p"));
  run.Read(0, 7, 1200, 1201, "r1", 1, 1);
  proto::Expect expect;
  proto::Condition* condition = expect.add_condition();
  condition->set_metric("acked_lost");
  condition->set_test("== 0");
  google::protobuf::RepeatedPtrField<proto::Expect> expects;
  *expects.Add() = expect;
  return {ReportJson(BuildReport({run.Done()}, "Nothing.", expects))};
}

}  // namespace replsim
