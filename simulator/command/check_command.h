// `replsim check` judges histories recorded by the clients of any system. `replsim export` writes
// the history of a recording for other tools.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/history/read_options.h"
#include "simulator/judge/verdict.h"

namespace replsim {

// Options of `check`. The limits apply to the whole command, not to one file.
struct CheckOptions {
  std::vector<std::string> paths;  // files or run folders; "-" is stdin
  // Format, model and meaning of the operations; default: found from the file.
  history::ReadOptions read;
  std::vector<judge::Guarantee> guarantees;  // empty: all that a history can show
  // Bounds and assumptions of single guarantees. bounded-staleness needs a bound here.
  judge::Terms terms;
  // Largest difference between the clocks of two clients, in ns. Operations of two clients count as
  // ordered only if they are further apart. No effect on a history without times.
  int64_t clock_error_ns = 0;
  // Time limit in seconds for all files together. A search that exceeds it answers "unknown".
  double time_limit_s = 60;
  // Memory limit of one search in bytes; default 1 GiB. A search that exceeds it answers "unknown".
  uint64_t memory_bytes = uint64_t{1} << 30;
  bool quiet = false;  // print only: FILE, tab, yes|no|unknown
  std::string json;  // file for the verdicts as JSON; "-": stdout, instead of the text; empty: none
  std::string junit;  // file for JUnit XML; empty: none
  std::string html;   // file for the page; empty: none
};

// Returns 0 if every guarantee holds, 1 if one does not, 2 if one could not be judged, 64 if a file
// cannot be read, 70 if verdicts contradict each other.
int Check(const CheckOptions& options);

// Options of `export`.
struct ExportOptions {
  // The run folder, or one recording in it.
  std::string folder;
  // Empty: the only variant.
  std::string variant;
  uint32_t repeat = 0;  // repetition of the variant, from 1; 0: the first
  history::Format format = history::Format::kJepsen;
};

// Prints the history of a recording. Returns 0, or 64 if there is none.
int Export(const ExportOptions& options);

}  // namespace replsim
