// Fits the machine model of virtual time (proto::Machine) to the recording of a run.
//
// Each part is estimated such that virtual time, which adds wake, work and write to each hop,
// reproduces the recorded times. A fit to a virtual run returns the machine of that run.
// docs/calibrate.md lists what is not modelled. Pure; times are in ns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "protos/scenario.pb.h"
#include "simulator/calibrate/held_samples.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct FittedPart {
  std::string name;       // key below `machine:`
  std::string otherwise;  // the default
  MeasuredDelay measured;
  std::string unfitted;  // why the default stays; empty if the part was fitted
};

struct MachineFit {
  proto::Machine machine;  // only the fitted parts
  std::vector<FittedPart> parts;
};

// `scenario` is the recording's own, with every knob explicit. INVALID_ARGUMENT, with the folder
// and what to do, if the recording has too little evidence.
absl::StatusOr<MachineFit> FitMachine(const Recording& recording, const proto::Scenario& scenario);

}  // namespace replsim
