// Runs side by side on a terminal: the settings in which they differ, then every headline number
// with its difference to the first of them, or to another that is named as the base.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "protos/report.pb.h"
#include "simulator/analysis/compare/compare_runs.h"
#include "simulator/report/table.h"
#include "simulator/report/text_report.h"

namespace replsim {

// The variants of all reports, in order, each called "<scenario or folder>/<variant>" where that is
// needed to tell them apart. `names` are the folders the reports came from. The reports outlive the
// groups.
std::vector<RunGroup> GroupsOf(std::span<const proto::Report> reports,
                               std::span<const std::string> names);

// Which group is called `base`: the first where that is empty. InvalidArgument names the others.
absl::StatusOr<size_t> FindBase(const std::vector<RunGroup>& groups, const std::string& base);

struct ComparisonParts {
  Table settings;        // those that differ; no rows if none does
  Table numbers;         // a cell holds the value and its difference to the base
  std::string legend;    // lines
  std::string findings;  // violated invariants and missing faults, one per line; may be empty
};
ComparisonParts PartsOf(const std::vector<RunGroup>& groups, size_t base);

// The parts for a terminal. A difference is marked (better, worse, differs) only where it is beyond
// noise, `~` where it is not; without a mark there are too few runs to tell.
std::string CompareText(const std::vector<RunGroup>& groups, size_t base,
                        const TextOptions& options = {});

}  // namespace replsim
