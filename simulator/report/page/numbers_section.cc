#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/escape_html.h"
#include "simulator/metrics/headline.h"
#include "simulator/metrics/metrics.h"
#include "simulator/report/page/sections.h"

namespace replsim {
namespace {

constexpr const char* kLagRows[] = {"receive_lag_p99_ms",
                                    "flush_lag_p99_ms",
                                    "apply_lag_p50_ms",
                                    "apply_lag_p99_ms",
                                    "apply_lag_max_ms",
                                    "apply_lag_max_entries",
                                    "apply_lag_last_ms",
                                    "apply_ack_delay_p99_ms",
                                    "catch_up_ms",
                                    "stalled_ms",
                                    "down_ms"};

struct NumberRow {
  std::string label;
  std::string value;
  std::string meaning;
  std::string name;
};

std::optional<NumberRow> RowOf(const std::string& name, const proto::RunReport& run,
                               bool even_if_zero, const char* unknown = "not known") {
  const absl::StatusOr<Metric> metric = FindMetric(name);
  if (!metric.ok()) return std::nullopt;
  const std::optional<double> value = metric->Get(run);
  if (!value && !even_if_zero) return std::nullopt;
  if (value && *value == 0 && !even_if_zero) return std::nullopt;
  return NumberRow{
      absl::StrCat(metric->label, metric->replica.empty() ? "" : " · ", metric->replica),
      value ? MetricText(metric->unit, *value) : unknown, metric->meaning, name};
}

std::string NumberTable(const std::vector<NumberRow>& rows) {
  std::string html = "<table class=\"numbers\"><tbody>\n";
  for (const NumberRow& row : rows) {
    const std::string title = absl::StrCat(row.meaning, row.meaning.empty() ? "" : " ", "(",
                                           row.name, " in expectations)");
    absl::StrAppend(&html, "<tr data-metric=\"", EscapeHtml(row.name), "\" title=\"",
                    EscapeHtml(title), "\"><th scope=\"row\">", EscapeHtml(row.label), "</th><td>",
                    EscapeHtml(row.value), "</td></tr>\n");
  }
  return html + "</tbody></table>\n";
}

std::vector<std::string> Replicas(const proto::RunReport& run) {
  std::vector<std::string> replicas;
  for (const proto::RunReport::Lag& lag : run.lag()) {
    if (replicas.empty() || replicas.back() != lag.replica()) replicas.push_back(lag.replica());
  }
  return replicas;
}

std::vector<NumberRow> HeadlineRows(const proto::RunReport& run, RunState state) {
  const char* unknown = state == RunState::kRunning ? "known after the run" : "not known";
  std::vector<NumberRow> rows;
  for (const Headline& headline : Headlines()) {
    if (absl::StartsWith(headline.metric.name, "lag.")) continue;  // LagTable has it
    std::optional<NumberRow> row = RowOf(headline.metric.name, run, headline.always, unknown);
    if (row) rows.push_back(*std::move(row));
  }
  return rows;
}

// One column per replica.
std::string LagTable(const proto::RunReport& run) {
  const std::vector<std::string> replicas = Replicas(run);
  if (replicas.empty()) return "";
  std::string html = "<h3>Replication lag</h3>\n<table class=\"grid\"><thead><tr><th></th>";
  for (const std::string& replica : replicas) {
    absl::StrAppend(&html, "<th scope=\"col\">", EscapeHtml(replica), "</th>");
  }
  absl::StrAppend(&html, "</tr></thead><tbody>\n");
  for (const char* name : kLagRows) {
    std::string cells;
    std::string meaning;
    std::string label;
    bool any = false;
    for (const std::string& replica : replicas) {
      const std::string full = absl::StrCat(name, ".", replica);
      const absl::StatusOr<Metric> metric = FindMetric(full);
      const std::optional<double> value = metric.ok() ? metric->Get(run) : std::nullopt;
      if (metric.ok()) {
        label = metric->label;
        meaning = metric->meaning;
      }
      any |= value.value_or(0) != 0;
      absl::StrAppend(&cells, "<td data-metric=\"", EscapeHtml(full), "\">",
                      value ? EscapeHtml(MetricText(metric->unit, *value)) : "-", "</td>");
    }
    if (!any) continue;
    absl::StrAppend(&html, "<tr title=\"", EscapeHtml(meaning), "\"><th scope=\"row\">",
                    EscapeHtml(label), "</th>", cells, "</tr>\n");
  }
  return html + "</tbody></table>\n";
}

std::vector<NumberRow> Everything(const proto::RunReport& run) {
  std::vector<NumberRow> rows;
  for (const Metric& metric : RunMetrics()) {
    if (auto row = RowOf(metric.name, run, false)) rows.push_back(*row);
  }
  for (const std::string& replica : Replicas(run)) {
    for (const Metric& metric : ReplicaMetrics()) {
      if (auto row = RowOf(absl::StrCat(metric.name, ".", replica), run, false)) {
        rows.push_back(*row);
      }
    }
  }
  return rows;
}

}  // namespace

std::string NumbersSection(const proto::RunReport& run, RunState state) {
  return absl::StrCat("<h2 data-copy>In numbers</h2>\n", NumberTable(HeadlineRows(run, state)),
                      LagTable(run),
                      "<details><summary>All measurements that are not 0</summary>\n",
                      NumberTable(Everything(run)), "</details>\n");
}

}  // namespace replsim
