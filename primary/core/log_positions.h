// The positions of a primary's log and store: how far each stage of a write has advanced, in the
// order in which a write passes the stages. A gate waits for one of them (gates.h).
#pragma once

#include "common/base/check.h"
#include "common/base/ids.h"

namespace replsim {

struct LogPositions {
  Lsn last;         // the last LSN assigned to a write
  Lsn append;       // given to the log; can stay behind `last` only with replicas-first
  Lsn write;        // handed to the operating system
  Lsn flush;        // fdatasync has returned
  Lsn apply_asked;  // given to the store
  Lsn apply;        // readable

  void Check() const {
    REPL_CHECK(flush <= write && write <= append && append <= last, "flush ", flush.value(),
               " write ", write.value(), " append ", append.value(), " last ", last.value());
    REPL_CHECK(apply <= apply_asked && apply_asked <= append, "applied ", apply.value());
  }
};

}  // namespace replsim
