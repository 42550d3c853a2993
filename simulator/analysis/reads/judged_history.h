// A recording as a history that the judge reads (simulator/judge): what clients could observe, each
// value named by the position of its write.
//
// A write whose outcome its client never learned may have happened at any time since its begin; the
// logs say whether it is the one at a position that was read. A position that was read and that no
// log knows any more is that of a write whose begin is not known. A rejected write did not happen.
#pragma once

#include "simulator/history/history.h"
#include "simulator/recording/recording.h"

namespace replsim {

history::History ToJudgedHistory(const Recording& recording);

}  // namespace replsim
