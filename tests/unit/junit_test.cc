#include "simulator/report/junit.h"

#include "simulator/report/junit_xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace replsim::junit_test {
namespace {

using ::testing::HasSubstr;

proto::ExpectationResult& Add(proto::Report& report, const std::string& variant,
                              const std::string& condition) {
  proto::ExpectationResult& result = *report.add_expectations();
  result.set_variant(variant);
  result.set_text(variant + ": " + condition);
  return result;
}

proto::RunReport& AddRun(proto::Report& report, const std::string& variant, uint64_t seed) {
  proto::RunReport& run = *report.add_runs();
  run.set_variant(variant);
  run.set_seed(seed);
  run.set_command("replsim run kill.yaml --seed 42");
  run.set_runtime("live");
  run.set_load_seconds(6);
  return run;
}

TEST(JUnit, IsASuitePerVariantAndACasePerCondition) {
  proto::Report report;
  report.set_scenario("kill");
  report.set_replsim_version("0.1.0");
  AddRun(report, "async", 42);
  Add(report, "async", "acknowledged, then lost == 0").set_held(true);
  proto::ExpectationResult& failed = Add(report, "async", "unknown == 0");
  failed.set_held(false);
  failed.set_test("== 0");
  failed.set_measured("3");
  proto::ExpectationResult& error = Add(report, "sync", "converged == 1");
  error.set_test("== 1");
  error.set_measured("not run");
  EXPECT_EQ(JUnitXml(report),
            R"xml(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="kill" tests="4" failures="1" errors="1" skipped="0" time="6.000">
  <testsuite name="kill.async" tests="3" failures="1" errors="0" skipped="0" time="6.000">
    <properties>
      <property name="variant" value="async"/>
      <property name="seed" value="42"/>
      <property name="runtime" value="live"/>
      <property name="replsim_version" value="0.1.0"/>
      <property name="command" value="replsim run kill.yaml --seed 42"/>
    </properties>
    <testcase classname="kill.async" name="no invariant was violated" time="0.000"/>
    <testcase classname="kill.async" name="acknowledged, then lost == 0" time="0.000"/>
    <testcase classname="kill.async" name="unknown == 0" time="0.000">
      <failure type="not held" message=")xml"
            R"xml(unknown: 3, expected == 0 (variant async, seed 42); repeat: )xml"
            R"xml(replsim run kill.yaml --seed 42">)xml"
            R"xml(async: unknown == 0&#10;measured: 3</failure>
    </testcase>
  </testsuite>
  <testsuite name="kill.sync" tests="1" failures="0" errors="1" skipped="0" time="0.000">
    <testcase classname="kill.sync" name="converged == 1" time="0.000">
      <error type="not judged" message=")xml"
            R"xml(converged: not run, expected == 1 (variant sync)">)xml"
            R"xml(sync: converged == 1&#10;measured: not run</error>
    </testcase>
  </testsuite>
</testsuites>
)xml");
}

TEST(JUnit, AViolatedInvariantIsAFailureThoughNobodyExpectsAnything) {
  proto::Report report;
  report.set_scenario("kill");
  AddRun(report, "async", 42);
  AddRun(report, "async", 43).add_breaches("r1 is down");
  const std::string xml = JUnitXml(report);
  EXPECT_THAT(xml, HasSubstr("<testsuites name=\"kill\" tests=\"1\" failures=\"1\""));
  EXPECT_THAT(xml, HasSubstr("message=\"r1 is down (variant async, seeds 42 to 43); repeat: "
                             "replsim run kill.yaml --seed 42 --repeat 2\""));
  EXPECT_THAT(xml, HasSubstr("<property name=\"seed\" value=\"42 to 43\"/>"));
}

TEST(JUnit, AFaultThatNeverHappenedIsAnErrorThoughNoConditionAsks) {
  proto::Report report;
  proto::RunReport& run = AddRun(report, "async", 42);
  EXPECT_THAT(JUnitXml(report), testing::Not(HasSubstr("every fault happened")));
  run.add_missing_faults("fault 1: kill p never happened");
  EXPECT_THAT(JUnitXml(report), HasSubstr("errors=\"1\""));
  EXPECT_THAT(JUnitXml(report), HasSubstr("name=\"every fault happened\""));
}

TEST(XmlText, EscapesMarkupAndKeepsEverythingElse) {
  EXPECT_EQ(XmlText("</script> & \"]]>\""), "&lt;/script&gt; &amp; &quot;]]&gt;&quot;");
  EXPECT_EQ(XmlText("a\tb\nc\rd"), "a&#9;b&#10;c&#13;d");
  EXPECT_EQ(XmlText("10 µs … ∞ 🙂"), "10 µs … ∞ 🙂");
}

TEST(XmlText, LeavesOutWhatXmlCannotHold) {
  EXPECT_EQ(XmlText(absl::string_view("a\0b\x1b[31mc\x7f", 10)), "ab[31mc\x7f");
  EXPECT_EQ(XmlText("\xef\xbf\xbe|\xef\xbf\xbf"), "|") << "U+FFFE and U+FFFF";
  EXPECT_EQ(XmlText("\xef\xbf\xbd"), "\xef\xbf\xbd") << "U+FFFD itself may stay";
}

TEST(XmlText, ReplacesBytesThatAreNotUtf8) {
  const std::string mark = "\xef\xbf\xbd";
  EXPECT_EQ(XmlText("a\xff"), "a" + mark);
  EXPECT_EQ(XmlText("\xc3"), mark) << "cut short";
  EXPECT_EQ(XmlText("\xc0\x80"), mark + mark) << "longer than need be";
  EXPECT_EQ(XmlText("\xed\xa0\x80"), mark + mark + mark) << "half of a pair";
  EXPECT_EQ(XmlText("\xc3<"), mark + "&lt;");
}

}  // namespace
}  // namespace replsim::junit_test
