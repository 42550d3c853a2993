// A run may end without a primary although nothing is wrong: with failover.unclean_restart:
// not-eligible no node leads if every member of the in-sync set was restarted after an unclean
// shutdown, and with failover.lag_max if every node is too far behind. An operator must then choose
// the node that leads. Pure.
#pragma once

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// If the nodes of `recording` have not converged for this reason, makes the breach that says so a
// note and sets Elections.none_is_eligible.
void ExcuseWhereNoneIsEligible(const proto::Scenario& resolved, const Recording& recording,
                               proto::RunReport& report);

// The same where the longest log that is left lacks more than failover.lag_max of what the last
// primary had: what was not flushed is gone with the power, and no node stands.
void ExcuseWhereAllAreTooFarBehind(const proto::Scenario& resolved, const Recording& recording,
                                   proto::RunReport& report);

}  // namespace replsim
