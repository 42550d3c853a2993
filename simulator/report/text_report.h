// A report on a terminal: one screen, the answer first.
#pragma once

#include <cstddef>
#include <string>

#include "protos/report.pb.h"
#include "simulator/report/table.h"

namespace replsim {

struct TextOptions {
  size_t width = 100;      // columns; more variants than fit are wrapped into several tables
  bool color = false;      // only for a terminal that was asked for it
  std::string run_folder;  // for the last line; empty: no last line
};

// The parts of a report, from the top.
// One line: scenario, runtime, seeds, and number and length of the runs.
std::string HeadingText(const proto::Report& report);
// One column per variant. No columns if the report has no runs.
Table ReportTable(const proto::Report& report);
// One line that says what the cells of repeated runs are; empty if no run was repeated.
std::string RepeatsText(const proto::Report& report);
// Which guarantees held in each variant; then a line per variant's first lost write, per violated
// invariant, and per note; may be empty.
std::string FindingsText(const proto::Report& report, const TextOptions& options = {});

// A line per condition, or per several that came out alike: held, NOT HELD, not judged.
std::string ExpectationsText(const proto::Report& report, const TextOptions& options = {});

// A line per violated invariant; empty where there is none.
std::string ViolationsText(const proto::Report& report, const TextOptions& options = {});

std::string TextReport(const proto::Report& report, const TextOptions& options = {});

}  // namespace replsim
