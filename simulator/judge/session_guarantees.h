// The session guarantees of registers whose values are each written once: D. B. Terry and others,
// "Session guarantees for weakly consistent replicated data", 1994. A session is a client's
// operations in its order; one that was never answered is before no other. The four files beside
// this one say what each guarantee needs of the order of each key's writes (write_order.h).
#pragma once

#include "simulator/judge/candidate_order.h"
#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// `candidate` is of the same registers and says in which order writes are taken. `guarantee`:
// kReadYourWrites, kMonotonicReads, kMonotonicWrites or kWritesFollowReads. Keys that the registers
// leave out make a verdict unknown that would be yes.
Verdict JudgeSession(const Registers& registers, const CandidateOrder& candidate,
                     Guarantee guarantee, const Budget& budget);

}  // namespace replsim::judge
