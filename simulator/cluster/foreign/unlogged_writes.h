// Positions of acknowledged writes that no log has. A server that acknowledges before it writes may
// die with such writes in its memory only. Part of the translation (translation.h). Pure.
#pragma once

#include <vector>

#include "simulator/cluster/foreign/full_logs.h"
#include "simulator/recording/history.h"

namespace replsim {

// Gives each committed write without a position the one that it would have had: behind the end of
// the log of the primary that acknowledged it, in the order of the acknowledgements. Also sets the
// positions of the reads that returned such a write.
void PlaceUnloggedWrites(const FullLogs& logs, std::vector<Operation>* operations);

}  // namespace replsim
