// The guarantees that the reads and writes of each variant showed: the strongest that held, then
// the strongest that did not, with its frequency and reason. For a variant with several runs, a
// guarantee held if it held in all of them (simulator/analysis/reads/guarantee_order.h).
#pragma once

#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/compare/repeats.h"
#include "simulator/report/table.h"

namespace replsim {

// Rows of the table: the guarantee that held, the one that the settings promise to readers, the one
// that did not hold, and its frequency. Empty if nothing was judged.
std::vector<TableRow> GuaranteeRows(const std::vector<RunGroup>& columns);

// The text for one or several variants.
struct GuaranteesLine {
  std::vector<std::string> names;
  std::string text;  // "sequential held; NOT linearizable: …"
  // For a failure: the run that shows it, the guarantee, and its rate of violations in percent.
  const proto::RunReport* failed = nullptr;
  std::string guarantee;
  double rate = 0;
};
// Variants with the same text share a line. The runs must outlive the lines.
std::vector<GuaranteesLine> GuaranteesLines(const std::vector<RunGroup>& groups);

// One line per variant, and the witness of each failure. The contradictions are listed for one
// variant only: the one with the lowest rate of violations, which is the hardest to see otherwise.
std::string GuaranteesText(const proto::Report& report);

}  // namespace replsim
