// `replsim calibrate`: the machine of virtual time, fitted to the recording of a live run.
#pragma once

#include <cstdint>
#include <string>

namespace replsim {

struct CalibrateOptions {
  std::string folder;   // of the run
  std::string variant;  // empty: the only one
  uint32_t repeat = 0;  // which run of it, from 1; 0: the first
  std::string out;      // a file for the machine block; empty: stdout
};

// Prints the machine block and the table of its parts, or says on stderr what is wrong; returns the
// exit status. The table goes to stderr where the block goes to stdout, so that the block can be
// redirected alone.
int Calibrate(const CalibrateOptions& options);

}  // namespace replsim
