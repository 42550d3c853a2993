// The verdicts on a history, as text, JSON, JUnit XML, and for the page.
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

// "yes", "no", "unknown": of all verdicts together.
judge::Holds OverallOf(const std::vector<judge::Verdict>& verdicts);
const char* WordOf(judge::Holds holds);

// What was read and assumed, then a verdict after the other; of a violation its operations by line,
// and what contradicts what.
std::string TextOf(const CheckedHistory& checked);
Json JsonOf(const CheckedHistory& checked);
// As `--html` shows it.
CheckPageHistory PageOf(const CheckedHistory& checked);
// A suite per file, a case per guarantee.
std::string CheckJUnit(const std::vector<CheckedHistory>& all);

}  // namespace replsim
