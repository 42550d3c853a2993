// Computes the position of a sync set from the positions of its members: "any 1", "first 2",
// "majority" and "all". Pure functions.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/ids.h"
#include "common/protocol/knobs.h"

namespace replsim {

struct MemberPosition {
  absl::string_view id;  // must stay valid during the call
  bool streaming = false;
  Lsn lsn;  // reached at the stage in question
};

// The highest LSN that enough members have reached; 0 if there are too few members. `members` are
// in id order. `cluster_size` is the number of all nodes, the primary included.
//
// `first K` counts the first K members that are streaming, in priority order, as PostgreSQL does:
// when one of them disconnects, the next member takes its place at once. The other kinds count
// every member, connected or not, because a position that it has reported stays true.
Lsn SetPosition(const SyncSet& set, std::vector<MemberPosition> members, size_t cluster_size);

}  // namespace replsim
