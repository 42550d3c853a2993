// The machine that virtual time pretends: what a hop between two processes, the disk and the
// processor cost. The defaults are what docs/performance.md measured live.
#pragma once

#include "common/base/rng.h"
#include "common/base/time.h"
#include "protos/scenario.pb.h"

namespace replsim {

struct Machine {
  // From one process to another, one way, before what the network adds: sockets and wake-ups.
  Nanos hop = Micros(150);
  // fdatasync, and handing bytes to the kernel.
  Nanos flush = Micros(300);
  Nanos write = Micros(5);
  // A node that was idle is woken; then each event and each effect takes its processor a moment.
  Nanos wake = Micros(50);
  Nanos work = Micros(4);
};

}  // namespace replsim
