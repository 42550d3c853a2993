// A node's clock against the run's: ahead by an offset, and running faster or slower by a drift.
#pragma once

#include "common/base/time.h"
#include "protos/scenario.pb.h"

namespace replsim {

class NodeClock {
 public:
  NodeClock() = default;  // right
  // Of `node` in a scenario's machine.
  NodeClock(const proto::Machine& machine, const std::string& node);

  Instant Local(Instant global) const;
  // The first instant at which the clock shows `local` or more.
  Instant Global(Instant local) const;

 private:
  Nanos offset_{0};
  double drift_ = 0;
};

}  // namespace replsim
