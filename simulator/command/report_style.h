// How a report is written to stdout: as wide as the terminal and in color, or plainly if stdout is
// a file or a pipe.
#pragma once

#include <string>

#include "simulator/report/text_report.h"

namespace replsim {

// `run_folder` as in TextOptions.
TextOptions StyleOfStdout(std::string run_folder = "");

// `text` with its long lines broken if stdout is a terminal; otherwise as it is.
std::string WrapForStdout(const std::string& text);

}  // namespace replsim
