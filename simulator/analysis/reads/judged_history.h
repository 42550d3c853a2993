// A recording as a history that the judge reads (simulator/judge): what clients could observe, each
// value named by the write it is of. A write whose outcome its client never learned may have
// happened at any time since its begin. A rejected write did not happen.
//
// Recordings of version 2 have the positions of reads instead of values. There the logs say which
// write is at a position; one that no log knows any more is that of a write whose begin is not
// known.
#pragma once

#include "simulator/history/history.h"
#include "simulator/recording/recording.h"

namespace replsim {

history::History ToJudgedHistory(const Recording& recording);

}  // namespace replsim
