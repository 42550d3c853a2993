// Which guarantees follow from which. A history that keeps one and breaks another that follows from
// it would be a bug of the judge.
#pragma once

#include <string>
#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

bool IsSessionGuarantee(Guarantee guarantee);

// Whether time says of each client's operations that they are in its order: each ended before the
// next began. Else an order that agrees with time need not agree with the clients.
bool IsClientsOrderThatOfTime(const history::History& history);

// "linearizable holds, but sequential, which follows from it, does not"; empty: no contradiction.
std::string FindContradiction(const history::History& history, const std::vector<Verdict>& verdicts,
                              const Terms& terms);

}  // namespace replsim::judge
