// Which guarantees the reads and writes of each variant showed: the strongest that held, then the
// strongest that did not, with how often and why. Of several runs of a variant a guarantee held if
// it held in all of them (simulator/analysis/reads/guarantee_order.h).
#pragma once

#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/compare/repeats.h"
#include "simulator/report/table.h"

namespace replsim {

// Rows of the table: what held, what did not, and how often. None if nothing was judged.
std::vector<TableRow> GuaranteeRows(const std::vector<RunGroup>& columns);

// What is said of one or several variants.
struct GuaranteesLine {
  std::vector<std::string> names;
  std::string text;  // "sequential held; NOT linearizable: …"
  // Of a failure: the run that shows it, the guarantee, and its violations in percent.
  const proto::RunReport* failed = nullptr;
  std::string guarantee;
  double rate = 0;
};
// Variants of which the same is said share a line. The runs outlive the lines.
std::vector<GuaranteesLine> GuaranteesLines(const std::vector<RunGroup>& groups);

// A line per variant, and of a failure its witness. What contradicts what is told of one variant:
// the one with the fewest violations, which is the hardest to see otherwise.
std::string GuaranteesText(const proto::Report& report);

}  // namespace replsim
