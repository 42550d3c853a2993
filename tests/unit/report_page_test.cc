#include "simulator/report/page/report_page.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>

#include "common/base/escape_html.h"
#include "simulator/report/page/html.h"
#include "simulator/report/report_file.h"
#include "tests/unit/fake_recording.h"

namespace replsim::report_page_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string PageOf(const RunAnalysis& run, const std::string& question) {
  return ReportPage(BuildReport("fake", question, "", {run.report}, {}), run);
}
std::string PageOf(const Recording& recording) {
  return PageOf(AnalyzeRun(recording), recording.manifest.question());
}

TEST(Html, TextCannotBecomeMarkup) {
  EXPECT_EQ(EscapeHtml("<b title=\"x\">&'"), "&lt;b title=&quot;x&quot;&gt;&amp;&#39;");
  EXPECT_EQ(EscapeHtml(std::string("a\0b\x1b", 4)), "a\uFFFDb\uFFFD");
  EXPECT_EQ(EscapeHtml("r1 → p"), "r1 → p");
}

TEST(Html, JsonCannotEndItsScript) {
  EXPECT_EQ(JsonString("</script><!--\u2028"), "\"\\u003c/script\\u003e\\u003c!--\\u2028\"");
}

TEST(ReportPage, DrawsWhoLedOnlyWhereNodesElected) {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  EXPECT_THAT(PageOf(fake.Done()), Not(HasSubstr("Who led")));
  fake.Trace("r1", 1500, TraceKind::kStands, 2, 0).Trace("p", 1501, TraceKind::kVotes, 2, 0, "r1");
  fake.Trace("r1", 1502, TraceKind::kElected, 2, 0).Leads("r1", 1503, 2, 0);
  fake.Trace("p", 1505, TraceKind::kFenced, 2, 0);
  const std::string page = PageOf(fake.Done());
  for (const char* text :
       {"<h2>Who led</h2>", "<title>p led epoch 1 from 0.480 s to 0.505 s: fenced</title>",
        "<title>0.501000 s: p votes for r1 in epoch 2</title>", ">epoch 2</text>"}) {
    EXPECT_THAT(page, HasSubstr(text));
  }
}

TEST(ReportPage, ShowsHostileNamesAndDoesNotRunThem) {
  const std::string evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
  FakeRecording fake({evil, "r1"});
  fake.manifest().set_question(evil);
  fake.manifest().set_variant(evil);
  fake.manifest().set_command(evil);
  fake.Started(evil, 900).Leads(evil, 900, 1, 0).Started("r1", 900);
  fake.Log(fake.Write(1, 7, 1001, 1010, proto::COMMITTED, 1, 1, evil));
  fake.Reaches(evil, 1002, 1, 1).Reaches("r1", 1012, 1, 1);
  fake.Event(1500, proto::RunEvent::KILLED, evil, "", evil);
  fake.Trace(evil, 1400, TraceKind::kStands, 2, 1).Trace("r1", 1401, TraceKind::kVotes, 2, 1, evil);
  Recording recording = fake.Done();
  recording.scenario_yaml = evil;
  recording.notes.push_back(evil);
  const std::string harmless = PageOf(FakeRecording({"p"}).Done());
  const std::string page = PageOf(recording);
  EXPECT_EQ(Count(page, "<script"), Count(harmless, "<script"));
  EXPECT_EQ(Count(page, "</script"), Count(harmless, "</script"));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)"));
}

TEST(ReportPage, SaysWhatReadersArePromisedAndWhyNoMore) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0);
  fake.Log(fake.Write(1, 7, 1000, 1010, proto::COMMITTED, 1, 1));
  fake.Read(2, 7, 1050, 1060, "r1", 1, 1);
  fake.Read(2, 7, 1070, 1080, "r1", 1, 1);
  RunAnalysis run = AnalyzeRun(fake.Done());
  EXPECT_THAT(PageOf(run, ""), Not(HasSubstr("Promised to readers")));
  for (const char* name : {"linearizable", "sequential"}) {
    proto::PromisedGuarantee& promise = *run.report.mutable_promise()->add_to_readers();
    promise.set_name(name);
    promise.set_promised(std::string(name) == "sequential");
    promise.set_because("links differ by < 3 ms");
  }
  const std::string page = PageOf(run, "");
  EXPECT_THAT(page, HasSubstr("Promised to readers: sequential, not linearizable (links differ by "
                              "&lt; 3 ms)."));
  EXPECT_THAT(page, HasSubstr("<td title=\"links differ by &lt; 3 ms\">no</td>"));
  EXPECT_THAT(page, HasSubstr("<td title=\"links differ by &lt; 3 ms\">yes</td>"));
}

TEST(ReportPage, ItsDataIsTheAnalysissTimeline) {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  fake.Reaches("p", 1100, 1, 2).Reaches("r1", 1130, 1, 2);
  const RunAnalysis run = AnalyzeRun(fake.Done());
  const std::string page = ReportPage(BuildReport("fake", "", "", {run.report}, {}), run);
  const std::string open = "id=\"timeline\">";
  const size_t from = page.find(open) + open.size();
  const std::string json = page.substr(from, page.find("</script>", from) - from);
  proto::Timeline read;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &read).ok());
  google::protobuf::util::MessageDifferencer differencer;
  google::protobuf::util::DefaultFieldComparator comparator;
  comparator.set_treat_nan_as_equal(true);
  differencer.set_field_comparator(&comparator);
  EXPECT_TRUE(differencer.Compare(read, run.timeline));
}

TEST(ReportPage, NamesNothingOutsideItself) {
  const std::string page = PageOf(FakeRecording({"p"}).Done());
  for (const char* outside : {"src=\"http", "href=\"http", "url(http", "@import", "//cdn"}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
}

TEST(ReportPage, OfARecordingWithHardlyAnythingSaysWhatIsMissing) {
  Recording recording;
  recording.manifest.add_nodes("p");
  recording.nodes.push_back({"p", std::nullopt, std::nullopt, std::nullopt});
  recording.notes = {"cannot read history: No such file"};
  const std::string page = PageOf(recording);
  EXPECT_THAT(page, HasSubstr("This recording is incomplete"));
  EXPECT_THAT(page, HasSubstr("cannot read history: No such file"));
  EXPECT_THAT(page, HasSubstr("no leadership was recorded"));
  EXPECT_THAT(page, HasSubstr("The final log is not known"));
}

TEST(ReportPage, OfARunThatGoesOnSaysWhatIsKnownAfterIt) {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  fake.Event(1500, proto::RunEvent::KILLED, "r1");
  fake.manifest().set_complete(false);
  fake.manifest().clear_final_primary();
  RunAnalysis run = AnalyzeRun(fake.Done());
  run.report.clear_notes();
  const proto::Report report = BuildReport("fake", "", "", {run.report}, {});
  const std::string page = ReportPage(report, run, RunState::kRunning);
  EXPECT_THAT(page, HasSubstr("acknowledged, then lost</th><td>known after the run</td>"));
  EXPECT_THAT(page, HasSubstr("Known after the run, when the final logs have been read."));
  EXPECT_THAT(page, HasSubstr("<td>still active</td>"));
  EXPECT_THAT(page, Not(HasSubstr("This recording is incomplete")));
  EXPECT_THAT(ReportPage(report, run), HasSubstr("acknowledged, then lost</th><td>not known</td>"));
}

TEST(ReportPage, ShadesTheOutageAndNotTheTimeInWhichANodeWasDown) {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  uint64_t lsn = 0;
  for (int at = 1010; at < 2000; at += 10) {
    if (at <= 1300 || at >= 1600) fake.Write(1, 7, at - 5, at, proto::COMMITTED, 1, ++lsn);
  }
  fake.Event(1310, proto::RunEvent::KILLED, "r1");
  const RunAnalysis run = AnalyzeRun(fake.Done());
  ASSERT_EQ(run.timeline.outages_size(), 1);
  EXPECT_NEAR(run.timeline.outages(0).begin_s(), 0.3, 1e-9);
  EXPECT_NEAR(run.timeline.outages(0).end_s(), 0.6, 1e-9);
  ASSERT_EQ(run.timeline.faults_size(), 1);
  EXPECT_TRUE(run.timeline.faults(0).down());
}

TEST(ReportPage, AnUpdateHasTheSectionsOfThePage) {
  const RunAnalysis run = AnalyzeRun(FakeRecording({"p"}).Done());
  const proto::Report report = BuildReport("fake", "What?", "", {run.report}, {});
  google::protobuf::Struct update;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(PageUpdate(report, run), &update).ok());
  EXPECT_TRUE(update.fields().at("complete").bool_value());
  const auto& sections = update.fields().at("sections").struct_value().fields();
  const std::string page = ReportPage(report, run);
  EXPECT_THAT(page, HasSubstr(sections.at("summary").string_value()));
  EXPECT_THAT(page, HasSubstr(sections.at("numbers").string_value()));
}

}  // namespace
}  // namespace replsim::report_page_test
