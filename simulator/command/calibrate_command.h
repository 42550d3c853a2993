// `replsim calibrate`: fits the machine model of virtual time to the recording of a live run.
#pragma once

#include <cstdint>
#include <string>

namespace replsim {

// Options of the command line.
struct CalibrateOptions {
  std::string folder;   // the run folder, or one recording in it
  std::string variant;  // empty: the only variant
  uint32_t repeat = 0;  // repetition of the variant, from 1; 0: the first
  std::string out;      // file for the machine block; empty: stdout
};

// Prints the machine block and the table of its parts; errors go to stderr. Returns the exit
// status. If the block goes to stdout, the table goes to stderr, so that the block can be
// redirected alone.
int Calibrate(const CalibrateOptions& options);

}  // namespace replsim
