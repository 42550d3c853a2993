// What the terminal shows, as GitHub Flavored Markdown (https://github.github.com/gfm): for pull
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

// Labels left, cells right. The heading of a group of rows is a row with a bold label. Remarks are
// in a last column if there are any.
std::string MarkdownTable(const Table& table);
// Each line of `lines` as the item of a list.
std::string MarkdownList(absl::string_view lines);

// Of `run` and `report`: heading, question, answer, table, findings, expectations, and the command
// that repeats the first run.
std::string MarkdownReport(const proto::Report& report);
// Of `compare`: the settings that differ, the numbers, and their legend (compare.h).
std::string MarkdownComparison(const std::vector<RunGroup>& groups, size_t base);
// Of `compare --threshold`: what each threshold says of the report.
std::string MarkdownVerdicts(const proto::Report& judged);

}  // namespace replsim
