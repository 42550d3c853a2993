// Implications between guarantees. A history for which a guarantee holds and a guarantee implied by
// it does not would show a bug of the judge.
#pragma once

#include <string>
#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

bool IsSessionGuarantee(Guarantee guarantee);

// Whether the operations of each client do not overlap: each ended before the next began. Otherwise
// an order that agrees with time need not agree with the clients' orders.
bool IsClientsOrderThatOfTime(const history::History& history);

// "linearizable holds, but sequential, which follows from it, does not"; empty if there is no
// contradiction.
std::string FindContradiction(const history::History& history, const std::vector<Verdict>& verdicts,
                              const Terms& terms);

}  // namespace replsim::judge
