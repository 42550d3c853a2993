// Renders the answer of `replsim choose`: terminal, Markdown for a design document, and JSON. Pure.
#pragma once

#include <string>

#include "common/base/json.h"
#include "simulator/choose/choice.h"
#include "simulator/report/table.h"

namespace replsim {

// One row per mode, with the healthy runs, and one per failure below it.
Table ChoiceTable(const ChoiceResult& result);
// What the columns mean, and how many runs the numbers come from, one sentence per line.
std::string ChoiceLegend(const ChoiceResult& result);

// At most 100 columns wide, apart from paths.
std::string ChoiceText(const ChoiceResult& result);
std::string ChoiceMarkdown(const ChoiceResult& result);
Json ChoiceJson(const ChoiceResult& result);

// 1 if a run violated an invariant or a promise, 2 if no run of a row could be judged, else 0.
int ChoiceStatus(const ChoiceResult& result);

}  // namespace replsim
