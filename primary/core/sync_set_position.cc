#include "primary/core/sync_set_position.h"

#include <algorithm>
#include <functional>

#include "common/base/mutant.h"

namespace replsim {
namespace {

// The K-th highest position; 0 if there are fewer than K.
Lsn KthHighest(std::vector<MemberPosition> members, size_t k) {
  if (k == 0 || members.size() < k) return Lsn(0);
  const auto kth = members.begin() + static_cast<std::ptrdiff_t>(k - 1);
  std::nth_element(members.begin(), kth, members.end(),
                   [](const MemberPosition& a, const MemberPosition& b) { return a.lsn > b.lsn; });
  return kth->lsn;
}

std::vector<MemberPosition> FirstStreaming(const SyncSet& set,
                                           const std::vector<MemberPosition>& members) {
  std::vector<MemberPosition> chosen;
  const auto choose = [&](const MemberPosition& member) {
    if (member.streaming && chosen.size() < set.count) chosen.push_back(member);
  };
  if (set.ids.empty()) {
    for (const MemberPosition& member : members) choose(member);
  }
  for (const NodeId& id : set.ids) {
    for (const MemberPosition& member : members) {
      if (member.id == id.name()) choose(member);
    }
  }
  return chosen;
}

}  // namespace

Lsn SetPosition(const SyncSet& set, std::vector<MemberPosition> members, size_t cluster_size) {
  if (Mutated(Mutant::kCountOneReplicaTwice) && !members.empty()) {
    members.push_back(members.front());
  }
  switch (set.kind) {
    case SyncSet::Kind::kAny:
      if (Mutated(Mutant::kAnyOneTooFew) && set.count > 1) {
        return KthHighest(std::move(members), set.count - 1);
      }
      if (Mutated(Mutant::kAnyWaitsForAll)) {
        const size_t all = std::max<size_t>(members.size(), set.count);
        return KthHighest(std::move(members), all);
      }
      return KthHighest(std::move(members), set.count);
    case SyncSet::Kind::kFirst:
      return KthHighest(FirstStreaming(set, members), set.count);
    case SyncSet::Kind::kMajority:
      if (Mutated(Mutant::kCountPrimaryTwice) && cluster_size > 3) cluster_size -= 2;
      return KthHighest(std::move(members), cluster_size / 2);
    case SyncSet::Kind::kAll: {
      const size_t all = members.size();
      return KthHighest(std::move(members), all);
    }
    case SyncSet::Kind::kInSync:
      break;  // Gates ask the set itself
  }
  return Lsn(0);
}

}  // namespace replsim
