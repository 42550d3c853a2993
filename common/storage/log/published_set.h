// The in-sync set as a primary publishes it and witnesses persist it: the nodes of which one may
// succeed the primary. primary/core/in_sync_set.h says how it changes and why that is safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include "common/base/ids.h"

namespace replsim {

struct PublishedSet {
  Epoch epoch;                    // of the primary that published it
  uint64_t version = 0;           // within the epoch, from 1 on
  std::vector<NodeId> members{};  // that primary first; none: nothing was published
  // How many members, beside the one that is elected, must vote for it, so that one of them all has
  // each acknowledged write. 0: each member has every one.
  uint32_t quorum = 0;

  bool empty() const { return members.empty(); }
  bool Contains(const NodeId& node) const {
    return std::find(members.begin(), members.end(), node) != members.end();
  }
  bool IsNewerThan(const PublishedSet& other) const {
    return std::tie(epoch, version) > std::tie(other.epoch, other.version);
  }
  bool operator==(const PublishedSet&) const = default;
};

}  // namespace replsim
