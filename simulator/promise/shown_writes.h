// Whether the writes that a node shows to readers, or that a client was told are done, can be lost.
// All functions return why this may happen, as one clause; empty if it cannot. `scenario` must be
// resolved.
#pragma once

#include <string>

#include "protos/scenario.pb.h"

namespace replsim {

// Whether another node than p may lead, promoted or elected.
bool HasPromotion(const proto::Scenario& scenario);
// Whether a fault may end the process of a node. `node`: only of this one; empty: of any.
bool MayDie(const proto::Scenario& scenario, const std::string& node);

// Of acknowledged writes, including those that were marked unprotected.
std::string WhyAcknowledgedMayBeLost(const proto::Scenario& scenario);
// Of writes that the primary shows.
std::string WhyShownByPrimaryMayBeLost(const proto::Scenario& scenario);
// Of writes that a replica shows.
std::string WhyShownByReplicaMayBeLost(const proto::Scenario& scenario);
// Whether clients of different sites may take different nodes for the primary.
bool MayFollowTwoPrimaries(const proto::Scenario& scenario);
// Of an old primary that answers while another node leads.
std::string WhyDeposedPrimaryMayAnswer(const proto::Scenario& scenario);
// Why the primary may acknowledge a write before it shows it.
std::string WhyAcknowledgedBeforeShown(const proto::Scenario& scenario);

}  // namespace replsim
