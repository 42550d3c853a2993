// `replsim view`: what `run --serve` shows of a run, made of what has been recorded so far. It is
// how a run that goes on is looked at from a process of its own; not for people.
#pragma once

#include <string>

namespace replsim {

// Prints a packed LiveView (simulator/serve/live_view.h). An exit status.
int PrintView(const std::string& run_folder);

}  // namespace replsim
