// The runs that answer a request: for each mode some healthy ones, then some for each failure, at
// instants spread over the load. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "protos/scenario.pb.h"
#include "protos/timeline.pb.h"
#include "simulator/choose/failures.h"
#include "simulator/choose/request.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

// Returns the scenario of healthy run `repeat`, from 0. An error is a mistake in the request, with
// the option or the line of the generated scenario.
absl::StatusOr<Variant> HealthyRun(const ChooseRequest& request, const std::string& mode,
                                   uint32_t repeat);

// What the healthy runs of a mode tell the tries of its failures.
struct HealthyFacts {
  double writes_per_second = 0;  // committed
  // When most acknowledged writes were on no replica in healthy run 0, since the load began; absent
  // if none ever was.
  std::optional<int64_t> worst_instant_ns;
};

// Returns that instant, of those that leave time for a promotion: in the first half of the load.
std::optional<int64_t> WorstInstantNs(const proto::Timeline& timeline);

// Returns the scenario of try `number` of a failure, from 0. Try 0 has the seed of healthy run 0,
// and a failure of the primary happens at its worst instant. The other tries happen in the second
// quarter of the load, each a little later than the one before. Every other try of a failure of the
// primary happens exactly after it has acknowledged a write; the number of that write follows from
// `writes_per_second`. If the nodes elect their primary, none is promoted.
absl::StatusOr<Variant> FailedRun(const ChooseRequest& request, const std::string& mode,
                                  const TriedFailure& failure, uint32_t number,
                                  const HealthyFacts& healthy);

}  // namespace replsim
