// `replsim systems`: which real systems a scenario can name (cluster.system), whether their servers
// are installed here, and what they cannot do.
#pragma once

namespace replsim {

// Returns the exit status: kExitHeld, also if a server is missing.
int ListSystems();

}  // namespace replsim
