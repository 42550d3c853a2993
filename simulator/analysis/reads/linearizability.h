// Judges whether the run was linearizable for its clients, key by key, and how far it was off: the
// judge of simulator/judge on the recording's history. Only values and times count, so the same
// judgement works for systems whose log cannot be read.
//
// With transactions, each key alone may be linearizable although a transaction did not take effect
// at one instant. The verdict then is yes if the operations took effect in the order of the log
// (log_linearization.h). Otherwise a search decides, within a limit of steps.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/analysis/reads/witness_picture.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Sets `linearizable` with its keys, late reads and witness; sets nothing if no read was answered.
// Returns the violation as a drawing, which is empty if there is none.
WitnessPicture CheckLinearizable(const Recording& recording, const FinalLog& final_log,
                                 proto::RunReport::Consistency* consistency);

}  // namespace replsim
