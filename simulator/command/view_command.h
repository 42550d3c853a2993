// `replsim view`: makes the data that `run --serve` shows from the recording so far. An internal
// command: the live run calls it in a separate process.
#pragma once

#include <string>

namespace replsim {

// Prints a packed LiveView (simulator/serve/live_view.h). Returns the exit status.
int PrintView(const std::string& run_folder);

}  // namespace replsim
