// A report on a terminal: one screen, the answer first.
#pragma once

#include <cstddef>
#include <string>

#include "protos/report.pb.h"

namespace replsim {

struct TextOptions {
  size_t width = 100;      // columns; more variants than fit are wrapped into several tables
  bool color = false;      // only for a terminal that was asked for it
  std::string run_folder;  // for the last line; empty: no last line
};

// A line per condition, or per several that came out alike: held, NOT HELD, not judged.
std::string ExpectationsText(const proto::Report& report, const TextOptions& options = {});

// A line per violated invariant; empty where there is none.
std::string ViolationsText(const proto::Report& report, const TextOptions& options = {});

std::string TextReport(const proto::Report& report, const TextOptions& options = {});

}  // namespace replsim
