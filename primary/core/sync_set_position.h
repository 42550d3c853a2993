// How far a sync set has got: the arithmetic of "any 1", "first 2", "majority" and "all". Pure.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/ids.h"
#include "common/protocol/knobs.h"

namespace replsim {

struct MemberPosition {
  absl::string_view id;  // whoever owns it outlives the call
  bool streaming = false;
  Lsn lsn;  // reached at the stage in question
};

// The highest LSN that enough members have reached; 0 where too few can be counted. `members` in id
// order; `cluster_size` counts every node of the cluster, the primary included.
//
// first K takes the first K members that are streaming, in priority order, as PostgreSQL does: a
// potential one steps up the moment a better one disconnects. The others count every member, for
// what it has reported stays true when it is gone.
Lsn SetPosition(const SyncSet& set, std::vector<MemberPosition> members, size_t cluster_size);

}  // namespace replsim
