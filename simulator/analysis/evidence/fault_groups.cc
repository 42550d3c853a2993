#include "simulator/analysis/evidence/fault_groups.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

// Whether one action on several links, or on both directions of a link, caused both.
bool SameFault(const FaultInterval& a, const FaultInterval& b) {
  constexpr int64_t kTogetherNs = 5'000'000;
  const auto together = [](int64_t x, int64_t y) { return std::abs(x - y) < kTogetherNs; };
  return a.fault == b.fault && a.kind == b.kind && a.what == b.what && !a.peer.empty() &&
         together(a.begin_ns, b.begin_ns) && a.end_ns.has_value() == b.end_ns.has_value() &&
         (!a.end_ns || together(*a.end_ns, *b.end_ns));
}

// Names of nodes, of links, and of links in both directions.
std::vector<std::string> NamesOf(const std::vector<const FaultInterval*>& bands) {
  std::vector<std::string> names;
  for (const FaultInterval* band : bands) {
    if (band->peer.empty()) {
      names.push_back(band->node);
      continue;
    }
    const std::string back = absl::StrCat(band->peer, " → ", band->node);
    const auto other = std::find(names.begin(), names.end(), back);
    if (other == names.end()) {
      names.push_back(absl::StrCat(band->node, " → ", band->peer));
    } else {
      *other = absl::StrCat(band->peer, " ↔ ", band->node);
    }
  }
  return names;
}

}  // namespace

std::vector<FaultGroup> FindFaultGroups(const Recording& recording) {
  const std::vector<FaultInterval> intervals = FindFaultIntervals(recording);
  std::vector<std::vector<const FaultInterval*>> together;
  for (const FaultInterval& fault : intervals) {
    const auto same = std::find_if(together.begin(), together.end(), [&](const auto& group) {
      return SameFault(*group.front(), fault);
    });
    (same != together.end() ? *same : together.emplace_back()).push_back(&fault);
  }
  std::vector<FaultGroup> groups;
  for (const std::vector<const FaultInterval*>& group : together) {
    groups.push_back({NamesOf(group), *group.front()});
  }
  return groups;
}

}  // namespace replsim
