// How far the log and the store of a primary are. The stages of a write, in the order in which it
// passes them; a gate waits for one of them (gates.h).
#pragma once

#include "common/base/check.h"
#include "common/base/ids.h"

namespace replsim {

struct LogPositions {
  Lsn last;    // assigned to a write
  Lsn append;  // given to the log; behind `last` only with replicas-first
  Lsn write;   // handed to the operating system
  Lsn flush;
  Lsn apply_asked;  // given to the store
  Lsn apply;        // readable

  void Check() const {
    REPL_CHECK(flush <= write && write <= append && append <= last, "flush ", flush.value(),
               " write ", write.value(), " append ", append.value(), " last ", last.value());
    REPL_CHECK(apply <= apply_asked && apply_asked <= append, "applied ", apply.value());
  }
};

}  // namespace replsim
