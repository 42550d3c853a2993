// Strict serializability of transactions that append to lists and read them: K. Kingsbury,
// P. Alvaro, "Elle: Inferring isolation anomalies from experimental observations", 2020. A list
// shows in which order its elements were appended, so every read says what it came after and
// before. An element that no read shows was appended after all that the reads show. If no cycle of
// these orders, sessions and real time exists, any order that respects them is a serial one.
#pragma once

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// Of model kListAppend; each element is appended once to a key.
Verdict JudgeListAppend(const history::History& history, const Budget& budget);

}  // namespace replsim::judge
