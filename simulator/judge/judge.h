// Judges a history for every guarantee that its operations can show. Pure: no clock; the budget
// decides when to stop.
#pragma once

#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// Verdicts, strongest first. If `asked` is empty, judges everything that the history can show; for
// registers the guarantees below linearizable are judged only if it is not linearizable. Otherwise
// judges the guarantees in `asked` that apply. Bounded staleness is judged only if asked for, with
// bounds in `terms`.
std::vector<Verdict> Judge(const history::History& history, const std::vector<Guarantee>& asked,
                           const Budget& budget, const Terms& terms = {});

// The guarantees that a model can show, strongest first.
std::vector<Guarantee> GuaranteesOf(history::Model model);

}  // namespace replsim::judge
