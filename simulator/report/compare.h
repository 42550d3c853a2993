// Compares runs on a terminal: the settings in which they differ, then every headline number with
// its difference to the base (the first group, or a named one).
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

// The variants of all reports, in order. A variant is named "<scenario or folder>/<variant>" if
// that is needed to distinguish it. `names` are the folders of the reports. The reports must
// outlive the groups.
std::vector<RunGroup> GroupsOf(std::span<const proto::Report> reports,
                               std::span<const std::string> names);

// Index of the group named `base`; the first group if `base` is empty. InvalidArgument suggests a
// known name.
absl::StatusOr<size_t> FindBase(const std::vector<RunGroup>& groups, const std::string& base);

struct ComparisonParts {
  Table settings;        // settings that differ; no rows if all are the same
  Table numbers;         // each cell: the value and its difference to the base
  std::string legend;    // one or more lines
  std::string findings;  // violated invariants and missing faults, one per line; or empty
};
ComparisonParts PartsOf(const std::vector<RunGroup>& groups, size_t base);

// The parts as text for a terminal. A difference is marked as better, worse or differs if it is
// beyond noise, and with `~` if it is within noise. It has no mark if there are too few runs to
// decide.
std::string CompareText(const std::vector<RunGroup>& groups, size_t base,
                        const TextOptions& options = {});

}  // namespace replsim
