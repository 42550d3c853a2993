// A node's local clock, with a fixed offset and a drift against the run's clock. Pure.
#pragma once

#include "common/base/time.h"
#include "protos/scenario.pb.h"

namespace replsim {

class NodeClock {
 public:
  NodeClock() = default;  // exact
  // Reads the clock of `node` from the scenario's machine.
  NodeClock(const proto::Machine& machine, const std::string& node);

  Instant Local(Instant global) const;
  // Returns the first instant at which the clock shows `local` or more.
  Instant Global(Instant local) const;

 private:
  Nanos offset_{0};
  double drift_ = 0;
};

}  // namespace replsim
