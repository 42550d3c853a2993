// Which kinds of fault a run has, and the faults themselves. Faults come in stories: a kill is
// often followed by a promotion and a restart, a cut by a heal, each after the one before it, so
// that a run gets somewhere; stories overlap as their times fall.
#pragma once

#include <vector>

#include "common/base/rng.h"
#include "protos/scenario.pb.h"

namespace replsim {

enum class FaultKind {
  kKill,
  kKillAtPoint,
  kRestart,
  kPause,
  kPromoteBest,
  kPromoteNamed,
  kPartition,
  kPartitionOneWay,
  kSetLink,
  kSlowApply,
  kPowerLoss,
  kPowerLossAtPoint,
  kHostLoss,
  kHostLossAtPoint,
  kSlowDisk,
  kFsyncError,
  kDiskFull,
  kReset,
  kFlap,
  kSlowNode,
  kClockSkew,
};
// "kill-at-point"
const char* Name(FaultKind kind);

// Those that the scenario's own faults are of; all that its cluster can have where it has none.
std::vector<FaultKind> AllowedKinds(const proto::Scenario& scenario);
// Each of them with probability 1/2, at least one; in a quarter of the runs all of them, for what
// takes three kinds together would else be rare. None where none is allowed.
std::vector<FaultKind> DrawKinds(const std::vector<FaultKind>& allowed, Rng& rng);

// One to six stories of these kinds, within the scenario's duration. `careful`: like an operator
// who promotes only when the primary is dead, and once: drawn freely, nearly every run would lose
// writes that nobody can promise to keep, and put no promise to the test.
google::protobuf::RepeatedPtrField<proto::Fault> DrawFaults(const proto::Scenario& scenario,
                                                            const std::vector<FaultKind>& kinds,
                                                            bool careful, Rng& rng);

}  // namespace replsim
