#include "simulator/report/compare.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/suggest.h"
#include "simulator/metrics/format.h"
#include "simulator/report/difference_text.h"
#include "simulator/report/table.h"

namespace replsim {
namespace {

// The last component of the folder's path; runs/x/latest is resolved to the run that it points to.
std::string ShortName(const std::string& folder) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::canonical(folder, error);
  if (error) path = std::filesystem::path(folder).lexically_normal();
  if (path.filename().empty()) path = path.parent_path();
  return path.filename().string();
}

// The shortest name that distinguishes a group.
std::string NameOf(const std::string& origin, const std::string& variant) {
  if (variant.empty() || variant == origin) return origin;
  return absl::StrCat(origin, "/", variant);
}

// Appends the differences to the cells of a column. Values and differences are each right-aligned.
void AddDifferences(size_t column, const std::vector<std::string>& differences, Table& table) {
  size_t width = 0;
  for (const std::string& text : differences) width = std::max(width, DisplayWidth(text));
  if (width == 0) return;
  for (size_t row = 0; row < table.rows.size(); ++row) {
    std::string& cell = table.rows[row].cells[column];
    if (cell.empty()) cell = "-";
    absl::StrAppend(&cell, "  ", std::string(width - DisplayWidth(differences[row]), ' '),
                    differences[row]);
  }
  absl::StrAppend(&table.heads[column], std::string(width + 2, ' '));
}

Table NumbersTable(const RunComparison& comparison, const std::vector<size_t>& order) {
  std::vector<const ComparedMetric*> shown;
  for (const ComparedMetric& metric : comparison.metrics) {
    if (metric.headline.always || metric.IsKnownAndNotZero()) shown.push_back(&metric);
  }
  Table table;
  for (const size_t i : order) table.heads.push_back(comparison.names[i]);
  for (const ComparedMetric* compared : shown) {
    const Metric& metric = compared->headline.metric;
    TableRow row{metric.label, {}, ""};
    for (const size_t i : order) {
      row.cells.push_back(MeasuredText(metric.unit, compared->values[i]));
    }
    table.rows.push_back(std::move(row));
  }
  for (size_t column = 1; column < order.size(); ++column) {
    std::vector<std::string> differences;
    for (const ComparedMetric* compared : shown) {
      const Difference& difference = compared->differences[order[column]];
      differences.push_back(DifferenceText(compared->headline.metric.unit, difference) +
                            DifferenceMark(difference));
    }
    AddDifferences(column, differences, table);
  }
  return table;
}

Table SettingsTable(const RunComparison& comparison, const std::vector<size_t>& order) {
  Table table;
  for (const size_t i : order) table.heads.push_back(comparison.names[i]);
  for (const ComparedSetting& setting : comparison.settings) {
    TableRow row{setting.path, {}, ""};
    for (const size_t i : order) row.cells.push_back(setting.values[i]);
    table.rows.push_back(std::move(row));
  }
  return table;
}

// Violated invariants and missing faults: shown in any comparison.
std::string Breaches(const std::vector<RunGroup>& groups) {
  std::string text;
  for (const RunGroup& group : groups) {
    for (const proto::RunReport* run : group.runs) {
      const std::string which =
          run->has_repeat() ? absl::StrCat(group.name, ", repeat ", run->repeat()) : group.name;
      for (const std::string& breach : run->breaches()) {
        absl::StrAppend(&text, "VIOLATION  ", which, ": ", breach, "\n");
      }
      for (const std::string& fault : run->missing_faults()) {
        absl::StrAppend(&text, "not judged  ", which, ": ", fault, "\n");
      }
    }
  }
  return text;
}

}  // namespace

std::vector<RunGroup> GroupsOf(std::span<const proto::Report> reports,
                               std::span<const std::string> names) {
  std::set<std::string> scenarios;
  for (const proto::Report& report : reports) scenarios.insert(report.scenario());
  // Scenario names distinguish the reports only if no two reports have the same scenario.
  const bool by_scenario = scenarios.size() == reports.size();
  std::vector<RunGroup> all;
  for (size_t i = 0; i < reports.size(); ++i) {
    const std::string origin = by_scenario ? reports[i].scenario() : ShortName(names[i]);
    for (RunGroup& group : GroupByVariant(reports[i].runs())) {
      if (reports.size() > 1) group.name = NameOf(origin, group.name);
      const std::string wanted = group.name;
      for (int again = 2; FindBase(all, group.name).ok() && !all.empty(); ++again) {
        group.name = absl::StrCat(wanted, " (", again, ")");
      }
      all.push_back(std::move(group));
    }
  }
  return all;
}

absl::StatusOr<size_t> FindBase(const std::vector<RunGroup>& groups, const std::string& base) {
  if (base.empty()) return 0;
  std::vector<std::string> names;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].name == base) return i;
    names.push_back(groups[i].name);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--base: '", base, "' is not one of the compared runs", Suggest(base, names)));
}

ComparisonParts PartsOf(const std::vector<RunGroup>& groups, size_t base) {
  const RunComparison comparison = CompareRuns(groups, base);
  const std::vector<size_t> order = BaseFirst(comparison);
  return {SettingsTable(comparison, order), NumbersTable(comparison, order),
          ComparisonLegend(comparison, groups), Breaches(groups)};
}

std::string CompareText(const std::vector<RunGroup>& groups, size_t base,
                        const TextOptions& options) {
  const ComparisonParts parts = PartsOf(groups, base);
  const std::string settings =
      parts.settings.rows.empty()
          ? "all settings are the same\n"
          : absl::StrCat("settings that differ\n", LayOut(parts.settings, options.width));
  return absl::StrCat(settings, "\n", LayOut(parts.numbers, options.width), "\n", parts.legend,
                      parts.findings.empty() ? "" : "\n", parts.findings);
}

}  // namespace replsim
