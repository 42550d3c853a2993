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

std::string TextReport(const proto::Report& report, const TextOptions& options = {});

}  // namespace replsim
