// Converts a recording to a history for the judge (simulator/judge): only what clients could
// observe. Each value is named after the write that wrote it. A write with an unknown outcome may
// have happened at any time after its invocation. A rejected write did not happen. A delete writes
// nil. A compare-and-set that changed nothing was answered: the value was another one.
// With appends, values are texts (Model::kKvAppend), and a key that does not exist has the empty
// one.
// With transactions, every operation is a transaction (Model::kTransactions). A read whose value is
// unknown is then left out.
//
// Recordings of version 2 have the positions of reads instead of their values. The nodes' logs then
// identify the write at a position. A position that no log holds any more becomes a write whose
// invocation time is unknown.
#pragma once

#include "simulator/history/history.h"
#include "simulator/recording/recording.h"

namespace replsim {

history::History ToJudgedHistory(const Recording& recording);

// The same for each key by itself: a transaction is one write of each of its keys.
history::History ToHistoryOfKeys(const Recording& recording);

}  // namespace replsim
