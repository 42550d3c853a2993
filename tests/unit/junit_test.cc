#include "simulator/report/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace replsim {
namespace {

proto::ExpectationResult& Add(proto::Report& report, const std::string& variant,
                              const std::string& condition) {
  proto::ExpectationResult& result = *report.add_expectations();
  result.set_variant(variant);
  result.set_text(variant + ": " + condition);
  return result;
}

TEST(JUnit, IsASuitePerVariantAndACasePerCondition) {
  proto::Report report;
  report.set_scenario("kill");
  for (int i = 0; i < 2; ++i) {
    proto::RunReport& run = *report.add_runs();
    run.set_variant("async");
    run.set_load_seconds(6);
  }
  Add(report, "async", "acknowledged, then lost == 0").set_held(true);
  proto::ExpectationResult& failed = Add(report, "async", "unknown == 0");
  failed.set_held(false);
  failed.set_measured("3");
  Add(report, "sync", "converged").set_measured("not run");
  EXPECT_EQ(JUnitXml(report), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="kill" tests="3" failures="1" errors="1" skipped="0" time="12.000">
  <testsuite name="kill.async" tests="2" failures="1" errors="0" skipped="0" time="12.000">
    <testcase classname="kill.async" name="acknowledged, then lost == 0" time="0.000"/>
    <testcase classname="kill.async" name="unknown == 0" time="0.000">
      <failure type="not held" message="3">async: unknown == 0&#10;measured: 3</failure>
    </testcase>
  </testsuite>
  <testsuite name="kill.sync" tests="1" failures="0" errors="1" skipped="0" time="0.000">
    <testcase classname="kill.sync" name="converged" time="0.000">
      <error type="not judged" message="not run">sync: converged&#10;measured: not run</error>
    </testcase>
  </testsuite>
</testsuites>
)");
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
}  // namespace replsim
