// Detects faults that would change nothing, as far as the injected faults tell. The cluster itself
// refuses a kill of a dead node, a restart of a running one, and a redundant pause or resume.
//
// A fault that sets a value (slow-apply, slow-node, clock-skew, set-link) always happens, even if
// the value is already set: variants use such faults as their baseline.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/faults/fault_injector.h"
#include "simulator/faults/fault_links.h"

namespace replsim {

std::string FaultInjector::NothingToDo(const proto::Fault& fault, const NodeId& node) const {
  switch (fault.do_()) {
    case proto::HOST_LOSS:
      return dead_.contains(node) ? absl::StrCat(node.name(), " is not running") : "";
    case proto::PROMOTE:
    case proto::SWITCHOVER:
      if (node != cluster_->primary() || dead_.contains(node)) return "";
      return absl::StrCat(node.name(), " is already the primary");
    case proto::DEMOTE:
      return node == cluster_->primary() ? "" : absl::StrCat(node.name(), " does not lead");
    case proto::HEAL:
      if (fault.node().empty()) return AnyIsCut(fault) ? "" : "none of these links is partitioned";
      return broken_disks_.contains(node)
                 ? ""
                 : absl::StrCat("the disk of ", node.name(), " has no fault");
    default:
      return "";
  }
}

bool FaultInjector::AnyIsCut(const proto::Fault& fault) const {
  const std::vector<Pair> links = LinksOf(fault, !fault.one_way());
  return std::any_of(links.begin(), links.end(), [this](const Pair& link) {
    return cut_.contains(link) || flaps_.contains(link);
  });
}

}  // namespace replsim
