// Fits the machine that virtual time pretends (proto::Machine) to the recording of a run.
//
// Each part is estimated so that virtual time, which adds wake, work and write to a hop by itself,
// arrives at the recorded times. Fitted to a virtual run it gives back the machine of that run.
// docs/calibrate.md has what is not modelled. Pure; times are nanoseconds.
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
  std::string name;       // as below `machine:`
  std::string otherwise;  // its default
  MeasuredDelay measured;
  std::string unfitted;  // why the default stays; empty where the part was fitted
};

struct MachineFit {
  proto::Machine machine;  // only what was fitted
  std::vector<FittedPart> parts;
};

// `scenario` is the recording's own, with every knob explicit. InvalidArgument, naming the folder
// and what to do, where the recording shows too little.
absl::StatusOr<MachineFit> FitMachine(const Recording& recording, const proto::Scenario& scenario);

}  // namespace replsim
