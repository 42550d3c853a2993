// Strict serializability of transactions that append to lists and read them (K. Kingsbury, P.
// Alvaro, "Elle: Inferring isolation anomalies from experimental observations", 2020).
//
// A list shows the order in which its elements were appended, so every read says which appends came
// before and after it. An element that no read shows was appended after all elements that reads
// show. If these orders, the sessions and real time have no cycle, any order that respects them is
// a serial order.
#pragma once

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// `history` has model kListAppend; each element is appended to a key once.
Verdict JudgeListAppend(const history::History& history, const Budget& budget);

}  // namespace replsim::judge
