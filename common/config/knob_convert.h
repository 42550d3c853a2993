// Converts the knobs of a resolved scenario (protos/knobs.proto) to the structs that the cores take
// (common/protocol/knobs.h). The scenario loader has set and checked every field. A missing field
// is InvalidArgument with the field's name; no default is assumed. Only group_delay, group_size
// and in_sync.size may be absent, which means 0, and in_sync unless sync_set is in-sync.
#pragma once

#include "absl/status/statusor.h"
#include "common/protocol/knobs.h"
#include "protos/knobs.pb.h"

namespace replsim {

absl::StatusOr<ReplicationKnobs> ToKnobs(const proto::ReplicationSpec& spec);
absl::StatusOr<DurabilityKnobs> ToKnobs(const proto::Durability& durability);
absl::StatusOr<FailoverKnobs> ToKnobs(const proto::Failover& failover);
// `node` is the node that gets the knobs.
absl::StatusOr<ElectionKnobs> ToElectionKnobs(const proto::Failover& failover, const NodeId& node);

}  // namespace replsim
