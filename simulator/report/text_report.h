// A report as text for a terminal: one screen, with the answer first.
#pragma once

#include <cstddef>
#include <string>

#include "protos/report.pb.h"
#include "simulator/report/table.h"

namespace replsim {

struct TextOptions {
  size_t width = 100;      // terminal columns; wider tables are wrapped into several
  bool wrap = false;       // also break longer lines of text; only for terminals
  bool color = false;      // ANSI colors for verdicts; only for terminals
  std::string run_folder;  // named in the last line; empty (default): no last line
};

// The parts of a report, from the top.
// One line: scenario, runtime, seeds, and number and length of the runs.
std::string HeadingText(const proto::Report& report);
// One column per variant. No columns if the report has no runs.
Table ReportTable(const proto::Report& report);
// One line that explains the cells of repeated runs; empty if no run was repeated.
std::string RepeatsText(const proto::Report& report);
// The guarantees that held in each variant; then one line per variant's first lost write, per
// violated invariant, and per note. May be empty.
std::string FindingsText(const proto::Report& report, const TextOptions& options = {});

// One line per condition, or per several with equal results: held, NOT HELD, not judged.
std::string ExpectationsText(const proto::Report& report, const TextOptions& options = {});

// One line per violated invariant; empty if there is none.
std::string ViolationsText(const proto::Report& report, const TextOptions& options = {});

std::string TextReport(const proto::Report& report, const TextOptions& options = {});

}  // namespace replsim
