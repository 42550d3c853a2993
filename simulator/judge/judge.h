// Judges a history: every guarantee that its operations can show.
#pragma once

#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// Strongest first. `asked` empty: all that the history can show, of registers the weaker ones only
// if they are not linearizable; otherwise those of them. Bounded staleness is judged only if asked
// for, with bounds in `terms`.
std::vector<Verdict> Judge(const history::History& history, const std::vector<Guarantee>& asked,
                           const Budget& budget, const Terms& terms = {});

// The guarantees that a model can show, strongest first.
std::vector<Guarantee> GuaranteesOf(history::Model model);

}  // namespace replsim::judge
