#include "simulator/analysis/node_faults.h"

#include <set>
#include <utility>

namespace replsim {
namespace {

using proto::RunEvent;

// The faults of one node that are in force, by a name for each.
class Open {
 public:
  explicit Open(std::string node) : node_(std::move(node)) {}

  void Take(const RunEvent& event) {
    if (event.kind() == RunEvent::HEAL_BEGIN) return HealLinksAndSpeed();
    if (event.node() != node_ && event.peer() != node_) return;
    const std::string link = "link " + event.node() + " " + event.peer();
    switch (event.kind()) {
      case RunEvent::KILLED:
      case RunEvent::EXITED:
      case RunEvent::POWER_LOST:
      case RunEvent::FAILED:
        names_.insert("down");
        break;
      case RunEvent::RESTARTED:
        names_.erase("down");
        names_.erase("paused");  // whoever is killed in its pause comes back running
        break;
      case RunEvent::PAUSED:
        names_.insert("paused");
        break;
      case RunEvent::RESUMED:
        names_.erase("paused");
        break;
      case RunEvent::LINK_PARTITIONED:
        names_.insert(link);
        break;
      case RunEvent::LINK_HEALED:
        names_.erase(link);
        break;
      case RunEvent::APPLY_SLOWED:
        SetSlow("slow", event);
        break;
      case RunEvent::NODE_SLOWED:
        SetSlow("throttled", event);
        break;
      default:
        break;
    }
  }
  bool any() const { return !names_.empty(); }
  bool slow() const { return names_.contains("slow") || names_.contains("throttled"); }
  // Out of reach or not running, which slow is not.
  bool away() const { return names_.size() > names_.count("slow") + names_.count("throttled"); }

 private:
  void SetSlow(const std::string& name, const RunEvent& event) {
    if (event.detail() == "ended") {
      names_.erase(name);
    } else {
      names_.insert(name);
    }
  }
  void HealLinksAndSpeed() {
    std::erase_if(names_,
                  [](const std::string& name) { return name != "down" && name != "paused"; });
  }

  std::string node_;
  std::set<std::string> names_;
};

}  // namespace

std::vector<NodeFault> FindFaults(const Recording& recording, const std::string& node) {
  std::vector<NodeFault> faults;
  Open open(node);
  int64_t began = 0;
  for (const RunEvent& event : recording.events) {
    const bool before = open.any();
    const bool was_slow = open.slow();
    open.Take(event);
    if (!before && open.any()) began = event.time_ns();
    // Another speed is another fault: how long the old one takes to catch up at it is of interest.
    const bool other_speed =
        was_slow && event.node() == node &&
        (event.kind() == RunEvent::APPLY_SLOWED || event.kind() == RunEvent::NODE_SLOWED);
    if (before && (!open.any() || other_speed)) {
      faults.push_back({began, event.time_ns()});
      began = event.time_ns();
    }
  }
  return faults;
}

std::optional<int64_t> AwaySince(const Recording& recording, const std::string& node,
                                 int64_t at_ns) {
  Open open(node);
  std::optional<int64_t> since;
  for (const RunEvent& event : recording.events) {
    if (event.time_ns() > at_ns) break;
    open.Take(event);
    if (!open.away()) {
      since.reset();
    } else if (!since) {
      since = event.time_ns();
    }
  }
  return since;
}

}  // namespace replsim
