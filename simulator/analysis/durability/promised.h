// Compares a run with what its settings promise for acknowledged writes
// (simulator/promise/promise.h).
#pragma once

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Sets report.promise, and adds a breach if a loss breaks the promise. `resolved` is the run's
// resolved scenario. keeps_acknowledged stays absent if a node died by itself or a user injected a
// fault by hand: the promise covers only faults that the scenario names.
void CheckPromise(const proto::Scenario& resolved, const Recording& recording,
                  proto::RunReport& report);

}  // namespace replsim
