// The terminal's output as GitHub Flavored Markdown (https://github.github.com/gfm), for pull
// requests, issues and job summaries.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protos/report.pb.h"
#include "simulator/analysis/compare/repeats.h"
#include "simulator/report/table.h"

namespace replsim {

// Labels are left-aligned, cells right-aligned. The heading of a group is a row with a bold label.
// Remarks, if any, are in a last column.
std::string MarkdownTable(const Table& table);
// Each line of `lines` as an item of a list.
std::string MarkdownList(absl::string_view lines);

// Output of `run` and `report`: heading, question, answer, table, findings, expectations, and the
// command that repeats the first run.
std::string MarkdownReport(const proto::Report& report);
// Output of `compare`: the settings that differ, the numbers, and the legend (compare.h).
std::string MarkdownComparison(const std::vector<RunGroup>& groups, size_t base);
// Output of `compare --threshold`: the result of each threshold.
std::string MarkdownVerdicts(const proto::Report& judged);

}  // namespace replsim
