// The session guarantees on registers whose values are each written once (D. B. Terry and others,
// "Session guarantees for weakly consistent replicated data", 1994). A session is a client's
// operations in its order; an unanswered operation precedes no other one. read_your_writes.h,
// monotonic_reads.h, monotonic_writes.h and writes_follow_reads.h state what each guarantee needs
// of the order of each key's writes (write_order.h).
#pragma once

#include "simulator/judge/candidate_order.h"
#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// `candidate` belongs to the same registers and determines which order of writes counts.
// `guarantee` is kReadYourWrites, kMonotonicReads, kMonotonicWrites or kWritesFollowReads. If the
// registers leave out keys, a verdict of yes becomes unknown.
Verdict JudgeSession(const Registers& registers, const CandidateOrder& candidate,
                     Guarantee guarantee, const Budget& budget);

}  // namespace replsim::judge
