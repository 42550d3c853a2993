// Between a core and the executor of its effects: finds the failpoint at which the node stops, and
// divides the effect there. A batch is divided at the write that the failpoint names; an answer, an
// acknowledgement and the passing of a gate happen whole or not at all.
//
// The functions over effects belong to the thread of the node; those over points of the log may be
// called by the log device from its own thread.
#pragma once

#include <optional>

#include "common/base/ids.h"
#include "common/node/failpoints.h"
#include "common/protocol/effects.h"

namespace replsim {

class FailpointGate {
 public:
  // The node stops at `point`; of the writes that were to pass, those up to `through` have.
  struct Stop {
    Failpoints::Match match;
    Point point;
    Lsn through;
  };
  struct Divided {
    Stop stop;
    std::optional<Effect> before;  // executed before the node stops
    std::optional<Effect> rest;    // first when it goes on
  };

  // `failpoints` outlives the gate. `acks_tell_flush`: replica.ack counts flushed writes; otherwise
  // written ones.
  FailpointGate(Failpoints& failpoints, bool acks_tell_flush)
      : failpoints_(failpoints), acks_tell_flush_(acks_tell_flush) {}

  // Absent: the effect passes whole. `leads`: which role's points it passes.
  std::optional<Divided> Pass(const Effect& effect, bool leads) {
    if (failpoints_.armed()) return Divide(effect, leads);
    if (const auto* send = std::get_if<Send>(&effect)) NoteAck(*send);
    return std::nullopt;
  }

  // The writes [first, last] are about to pass `point`. Absent: all of them do.
  std::optional<Stop> Pass(Point point, Lsn first, Lsn last);
  // One side of `point`, where what happens in between takes time.
  std::optional<Failpoints::Match> PassSide(Point point, bool after, Lsn first, Lsn last) {
    return failpoints_.Pass(point, after, first, last);
  }

 private:
  // The point that an effect passes, and the writes that pass it.
  struct Passage {
    Point point;
    Lsn first, last;
  };
  std::optional<Passage> PassageOf(const Effect& effect, bool leads);
  std::optional<Divided> Divide(const Effect& effect, bool leads);
  // The writes that an acknowledgement adds to the one before it; absent: `send` is none.
  std::optional<Passage> NoteAck(const Send& send);

  Failpoints& failpoints_;
  const bool acks_tell_flush_;
  Lsn acked_;  // by the last acknowledgement that was sent
};

}  // namespace replsim
