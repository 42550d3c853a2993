// The knobs of a resolved scenario (protos/scenario.proto) as the structs the cores take. The
// scenario loader has filled in and checked every field; one that is missing here is an error that
// names it, never a guess.
#pragma once

#include "absl/status/statusor.h"
#include "common/protocol/knobs.h"
#include "protos/knobs.pb.h"

namespace replsim {

absl::StatusOr<ReplicationKnobs> ToKnobs(const proto::ReplicationSpec& spec);
absl::StatusOr<DurabilityKnobs> ToKnobs(const proto::Durability& durability);
absl::StatusOr<FailoverKnobs> ToKnobs(const proto::Failover& failover);

}  // namespace replsim
