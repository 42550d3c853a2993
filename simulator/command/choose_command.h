// `replsim choose`: runs modes on the user's cluster, healthy and under failures, and shows what
// each costs and loses.
#pragma once

#include <string>
#include <vector>

#include "simulator/choose/request.h"

namespace replsim {

// Options of the command line; `request` has all but the parsed ones below.
struct ChooseCommandOptions {
  std::vector<std::string> modes;  // presets and families
  std::string from;                // configuration file that gives the modes; empty: none
  std::string rtt;                 // empty: 1 ms to each replica
  std::string reads;               // "20%"
  ChooseRequest request;
  int jobs = 1;  // worker processes
  std::string out = "runs";
  std::string json;  // file, "-": stdout, empty: none; so are the next two
  std::string markdown;
  std::string html;    // a file only
  bool quiet = false;  // no progress display
};

// Returns the exit status: 0, 1 if a run violated an invariant or a promise, 2 if a row could not
// be judged, 64 for a bad option.
int ChooseMode(const ChooseCommandOptions& options);

}  // namespace replsim
