// Judges whether the run was linearizable for its clients, key by key, and how far it was off: the
// judge of simulator/judge on the recording's history. Only values and times count, so the same
// judgement works for systems whose log cannot be read.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/reads/witness_picture.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Sets `linearizable` with its keys, late reads and witness; sets nothing if no read was answered.
// Returns the violation as a drawing, which is empty if there is none.
WitnessPicture CheckLinearizable(const Recording& recording,
                                 proto::RunReport::Consistency* consistency);

}  // namespace replsim
