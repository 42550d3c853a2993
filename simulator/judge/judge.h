// Judges a history: every guarantee that its operations can show.
#pragma once

#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// Strongest first. `asked` empty: all that the history can show; otherwise those of them.
std::vector<Verdict> Judge(const history::History& history, const std::vector<Guarantee>& asked,
                           const Budget& budget);

// The guarantees that a model can show, strongest first.
std::vector<Guarantee> GuaranteesOf(history::Model model);

}  // namespace replsim::judge
