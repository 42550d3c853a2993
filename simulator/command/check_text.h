// Renders the verdicts on a history as text, JSON, JUnit XML and page data. Pure.
#pragma once

#include <string>
#include <vector>

#include "common/base/json.h"
#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"
#include "simulator/report/page/check_page.h"

namespace replsim {

struct CheckedHistory {
  std::string path;
  history::History history;
  std::vector<judge::Verdict> verdicts;
  double seconds = 0;
};

// Returns the combined verdict of all guarantees.
judge::Holds OverallOf(const std::vector<judge::Verdict>& verdicts);
// "yes", "no", "unknown".
const char* WordOf(judge::Holds holds);

// Shows what was read and assumed, then one verdict after the other. A violation lists its
// operations with their lines, and how they contradict each other.
std::string TextOf(const CheckedHistory& checked);
Json JsonOf(const CheckedHistory& checked);
// The data that `--html` renders.
CheckPageHistory PageOf(const CheckedHistory& checked);
// One suite per file, one case per guarantee.
std::string CheckJUnit(const std::vector<CheckedHistory>& all);

}  // namespace replsim
