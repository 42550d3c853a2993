// Which kinds of fault a run has, and the faults themselves. Faults come in stories: a kill is
// often followed by a promotion and a restart, a cut by a heal, each after the one before it, so
// that a run gets somewhere; stories overlap as their times fall.
#pragma once

#include <string>
#include <vector>

#include "common/base/rng.h"
#include "protos/scenario.pb.h"
#include "simulator/fault_kinds/fault_kind.h"

namespace replsim {

// A kind of the table (fault_kind.h) in one of its flavors.
struct DrawnKind {
  proto::Action action;
  Flavor flavor = Flavor::kPlain;
  bool operator==(const DrawnKind&) const = default;
};
// "kill-at-point"
std::string Name(const DrawnKind& kind);

// Those that the scenario's own faults are of; all that its cluster can have where it has none.
std::vector<DrawnKind> AllowedKinds(const proto::Scenario& scenario);
// Each of them with probability 1/2, at least one; in a quarter of the runs all of them, for what
// takes three kinds together would else be rare. None where none is allowed.
std::vector<DrawnKind> DrawKinds(const std::vector<DrawnKind>& allowed, Rng& rng);

// One to six stories of these kinds, within the scenario's duration. `careful`: like an operator
// who promotes only when the primary is dead, and once: drawn freely, nearly every run would lose
// writes that nobody can promise to keep, and put no promise to the test.
google::protobuf::RepeatedPtrField<proto::Fault> DrawFaults(const proto::Scenario& scenario,
                                                            const std::vector<DrawnKind>& kinds,
                                                            bool careful, Rng& rng);

}  // namespace replsim
