// Whether what the clients saw is linearizable, key by key, and by how much it is not: the judge
// of simulator/judge over the recording's history. Values and times alone decide, as for a system
// whose log cannot be read.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/reads/witness_picture.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Fills linearizable, its keys, late_by_ms, late_reads and its witness; nothing if the load had no
// reads that were answered. Returns the violation as a drawing; empty if there is none.
WitnessPicture CheckLinearizable(const Recording& recording,
                                 proto::RunReport::Consistency* consistency);

}  // namespace replsim
