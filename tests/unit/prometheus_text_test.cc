// The page that a scraper reads: Prometheus' text format, byte for byte.
#include "common/server/metrics/prometheus_text.h"

#include <gtest/gtest.h>

namespace replsim::prometheus_text_test {
namespace {

using Kind = PrometheusText::Kind;

TEST(PrometheusText, AFamilyIsIntroducedOnceHoweverManySamplesItHas) {
  PrometheusText page(PrometheusText::Labels{{"node", "p"}});
  page.Family("lag_seconds", Kind::kGauge, "How far behind.");
  page.Add(1.5, {{"replica", "r1"}, {"stage", "flush"}});
  page.Add(0, {{"replica", "r2"}, {"stage", "flush"}});
  EXPECT_EQ(page.text(),
            "# HELP lag_seconds How far behind.\n"
            "# TYPE lag_seconds gauge\n"
            "lag_seconds{node=\"p\",replica=\"r1\",stage=\"flush\"} 1.5\n"
            "lag_seconds{node=\"p\",replica=\"r2\",stage=\"flush\"} 0\n");
}

TEST(PrometheusText, ASampleWithoutLabelsHasNoBraces) {
  PrometheusText page(PrometheusText::Labels{});
  page.Family("answers_total", Kind::kCounter, "Answers.");
  page.Add(3);
  EXPECT_EQ(page.text(),
            "# HELP answers_total Answers.\n# TYPE answers_total counter\n"
            "answers_total 3\n");
}

TEST(PrometheusText, WhatALabelOrAHelpTextCannotHoldIsEscaped) {
  PrometheusText page(PrometheusText::Labels{{"node", "a\"b\\c\nd"}});
  page.Family("x", Kind::kGauge, "One \"line\",\nand a \\.");
  page.Add(1);
  EXPECT_EQ(page.text(),
            "# HELP x One \"line\",\\nand a \\\\.\n# TYPE x gauge\n"
            "x{node=\"a\\\"b\\\\c\\nd\"} 1\n");
}

TEST(PrometheusText, NumbersKeepEveryDigit) {
  PrometheusText page(PrometheusText::Labels{});
  page.Family("x", Kind::kGauge, "x");
  page.Add(123456789012);
  page.Add(0.000125);
  page.Add(1234567.25);
  page.Add(-2);
  EXPECT_EQ(page.text().substr(page.text().find("\nx ") + 1),
            "x 123456789012\nx 0.000125\nx 1234567.25\nx -2\n");
}

TEST(PrometheusText, AHistogramEndsWithAllThereWere) {
  PrometheusText page(PrometheusText::Labels{{"node", "p"}});
  page.Family("wait_seconds", Kind::kHistogram, "Waited.");
  page.AddHistogram({0.5, 1}, {2, 3}, 4, 7.25);
  EXPECT_EQ(page.text(),
            "# HELP wait_seconds Waited.\n# TYPE wait_seconds histogram\n"
            "wait_seconds_bucket{node=\"p\",le=\"0.5\"} 2\n"
            "wait_seconds_bucket{node=\"p\",le=\"1\"} 3\n"
            "wait_seconds_bucket{node=\"p\",le=\"+Inf\"} 4\n"
            "wait_seconds_sum{node=\"p\"} 7.25\n"
            "wait_seconds_count{node=\"p\"} 4\n");
}

TEST(PrometheusTextDeathTest, NoFamilyIsIntroducedTwice) {
  PrometheusText page(PrometheusText::Labels{});
  page.Family("x", Kind::kGauge, "x");
  EXPECT_DEATH(page.Family("x", Kind::kGauge, "x"), "x twice");
}

}  // namespace
}  // namespace replsim::prometheus_text_test
