// Draws the kinds of fault of a run, and the faults. Faults are drawn as stories: a kill is often
// followed by a promotion and a restart, a partition by a heal, each after the one before, so that
// a run makes progress between faults. Stories may overlap in time. Pure.
#pragma once

#include <string>
#include <vector>

#include "common/base/rng.h"
#include "protos/scenario.pb.h"
#include "simulator/fault_kinds/fault_kind.h"

namespace replsim {

// A fault kind (fault_kind.h) in one of its flavors.
struct DrawnKind {
  proto::Action action;
  Flavor flavor = Flavor::kPlain;
  bool operator==(const DrawnKind&) const = default;
};
// The name in messages: "kill-at-point".
std::string Name(const DrawnKind& kind);

// Returns the kinds of the scenario's own faults; without faults, all kinds that its cluster
// supports.
std::vector<DrawnKind> AllowedKinds(const proto::Scenario& scenario);
// Returns each allowed kind with probability 1/2, at least one. In a quarter of the runs it returns
// all, because a failure that needs three kinds together would otherwise be rare. Empty if no kind
// is allowed.
std::vector<DrawnKind> DrawKinds(const std::vector<DrawnKind>& allowed, Rng& rng);

// Draws one to six stories of these kinds within the scenario's duration. `careful`: at most one
// promotion, and only when the primary is dead, as an operator would do. Otherwise nearly every run
// would lose writes that no mode promises to keep, and the promises would not be tested.
google::protobuf::RepeatedPtrField<proto::Fault> DrawFaults(const proto::Scenario& scenario,
                                                            const std::vector<DrawnKind>& kinds,
                                                            bool careful, Rng& rng);

}  // namespace replsim
