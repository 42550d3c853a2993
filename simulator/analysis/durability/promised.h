// A run held to what its settings promise for acknowledged writes (simulator/promise/promise.h).
#pragma once

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Fills in report.promise, and adds a breach where a loss breaks the promise. `resolved` is the
// scenario of the run. Nothing is promised for faults that the scenario does not name: where a node
// died by itself, or somebody injected one by hand, keeps_acknowledged stays absent.
void HoldToPromise(const proto::Scenario& resolved, const Recording& recording,
                   proto::RunReport& report);

}  // namespace replsim
