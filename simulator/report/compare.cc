#include "simulator/report/compare.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/report/report_file.h"
#include "simulator/report/rows.h"
#include "simulator/report/table.h"

namespace replsim {
namespace {

// The last part of a folder that says something: runs/x/latest is the run it points at.
std::string ShortName(const std::string& folder) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::canonical(folder, error);
  if (error) path = std::filesystem::path(folder).lexically_normal();
  if (path.filename().empty()) path = path.parent_path();
  return path.filename().string();
}

// How a run is called beside others: as little as tells it apart.
std::string NameOf(const proto::Report& report, const std::string& folder,
                   const proto::RunReport& run, bool several_scenarios) {
  const std::string origin = several_scenarios ? report.scenario() : ShortName(folder);
  if (run.variant().empty() || run.variant() == origin) return origin;
  return absl::StrCat(origin, "/", run.variant());
}

// Empty where the run's scenario does not have it.
std::string SettingOf(const proto::RunReport& run, const std::string& path) {
  for (const proto::RunReport::Setting& setting : run.knobs()) {
    if (setting.path() == path) return setting.value();
  }
  return "";
}

// Of all runs, in the order of the scenarios.
std::vector<std::string> SettingPaths(const proto::Report& merged) {
  std::vector<std::string> paths;
  for (const proto::RunReport& run : merged.runs()) {
    for (const proto::RunReport::Setting& setting : run.knobs()) {
      if (std::find(paths.begin(), paths.end(), setting.path()) == paths.end()) {
        paths.push_back(setting.path());
      }
    }
  }
  return paths;
}

}  // namespace

proto::Report MergeReports(std::span<const proto::Report> reports,
                           std::span<const std::string> names) {
  std::set<std::string> scenarios;
  for (const proto::Report& report : reports) scenarios.insert(report.scenario());
  // Scenario names tell reports apart only if no two are of the same one.
  const bool by_scenario = scenarios.size() == reports.size() && reports.size() > 1;
  proto::Report merged;
  merged.set_scenario("compare");
  if (scenarios.size() == 1) {
    merged.set_scenario(reports[0].scenario());
    merged.set_question(reports[0].question());
  }
  for (size_t i = 0; i < reports.size(); ++i) {
    for (const proto::RunReport& run : reports[i].runs()) {
      proto::RunReport& copy = *merged.add_runs();
      copy = run;
      if (reports.size() > 1) copy.set_variant(NameOf(reports[i], names[i], run, by_scenario));
    }
  }
  return merged;
}

std::string CompareText(const proto::Report& merged, const TextOptions& options) {
  Table table;
  for (const proto::RunReport& run : merged.runs()) table.heads.push_back(run.variant());
  for (const std::string& path : SettingPaths(merged)) {
    TableRow row{path, {}, ""};
    std::set<std::string> values;
    for (const proto::RunReport& run : merged.runs()) {
      row.cells.push_back(SettingOf(run, path));
      values.insert(row.cells.back());
    }
    if (values.size() > 1) table.rows.push_back(std::move(row));
  }
  std::string text = TextReport(merged, options);
  if (!table.rows.empty()) {
    absl::StrAppend(&text, "\nwhat differs in the scenarios\n", LayOut(table, options.width));
  }
  return text;
}

absl::StatusOr<std::string> CompareFolders(std::span<const std::string> folders,
                                           const TextOptions& options) {
  std::vector<proto::Report> reports;
  for (const std::string& folder : folders) {
    REPL_ASSIGN_OR_RETURN(proto::Report report, LoadReport(folder));
    reports.push_back(std::move(report));
  }
  return CompareText(MergeReports(reports, folders), options);
}

}  // namespace replsim
