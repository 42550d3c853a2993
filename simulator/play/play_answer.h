// What the page of `replsim play` receives after each change of a setting: JSON on one line.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "simulator/analysis/run_report.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

// {"sentence", "rows": [[label, value], …], "notes": [line, …], "knobs": [[path, value], …],
// "nodes": [id, …], "yaml", "timeline", "replay"}. `yaml` is the scenario of this run, ready for
// `replsim run`; `knobs` are its settings, every default explicit; `timeline` holds the curves that
// the page draws, and `replay` what it animates. A row with the value null is the heading of those
// below it.
std::string PlayAnswer(const Variant& variant, const RunAnalysis& run);

// {"mistakes": [line, …]}: why the settings cannot be run.
std::string PlayMistakes(absl::string_view text);

}  // namespace replsim
