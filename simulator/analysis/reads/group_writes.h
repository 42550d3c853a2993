// Turns a history of single keys into one of transactions (Model::kTransactions).
#pragma once

#include "simulator/history/history.h"

namespace replsim {

// Each operation becomes a transaction. Writes of the same value, which differ only in their key,
// become one. `history` has model kRegister, and only reads and writes.
void GroupWrites(history::History* history);

}  // namespace replsim
