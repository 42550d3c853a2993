// `replsim check` judges histories that any system's clients recorded; `replsim export` writes ours
// for other tools.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/history/read_options.h"
#include "simulator/judge/verdict.h"

namespace replsim {

struct CheckOptions {
  std::vector<std::string> paths;  // files; "-" is stdin
  history::ReadOptions read;
  std::vector<judge::Guarantee> guarantees;  // empty: all that a history can show
  judge::Terms terms;
  int64_t clock_error_ns = 0;  // by how much two clients' clocks may differ
  double time_limit_s = 60;    // of all files together
  uint64_t memory_bytes = uint64_t{1} << 30;
  bool quiet = false;  // FILE, tab, yes|no|unknown
  std::string json;    // also written there; "-": stdout, instead of the text
  std::string junit;
  std::string html;
};

// 0: every guarantee holds; 1: one does not; 2: one could not be judged; 64: a file cannot be read;
// 70: verdicts contradict each other.
int Check(const CheckOptions& options);

struct ExportOptions {
  std::string folder;
  std::string variant;
  uint32_t repeat = 0;  // 0: the first
  history::Format format = history::Format::kJepsen;
};

// Prints the history of a recording. Returns 0, or 64 if there is none.
int Export(const ExportOptions& options);

}  // namespace replsim
