#include "simulator/analysis/evidence/reachable.h"

namespace replsim {

using proto::RunEvent;

void Reachable::MoveTo(int64_t time_ns) {
  while (next_ < recording_.events.size() && recording_.events[next_].time_ns() <= time_ns) {
    Take(recording_.events[next_++]);
  }
}

bool Reachable::Passes(size_t from, size_t to) const {
  return Answers(from) && Answers(to) &&
         !cut_.contains({recording_.nodes[from].id, recording_.nodes[to].id});
}

void Reachable::Take(const RunEvent& event) {
  switch (event.kind()) {
    case RunEvent::LINK_PARTITIONED:
      cut_.insert({event.node(), event.peer()});
      return;
    case RunEvent::LINK_HEALED:
      cut_.erase({event.node(), event.peer()});
      return;
    case RunEvent::HEAL_BEGIN:
      cut_.clear();
      return;
    default:
      if (const auto node = recording_.NodeIndex(event.node())) TakeNode(event, *node);
  }
}

void Reachable::TakeNode(const RunEvent& event, size_t node) {
  switch (event.kind()) {
    case RunEvent::KILLED:
    case RunEvent::EXITED:
    case RunEvent::POWER_LOST:
    case RunEvent::FAILED:
      down_[node] = true;
      return;
    case RunEvent::STARTED:
    case RunEvent::RESTARTED:
      down_[node] = false;
      paused_[node] = false;
      return;
    case RunEvent::PAUSED:
      paused_[node] = true;
      return;
    case RunEvent::RESUMED:
      paused_[node] = false;
      return;
    default:
      return;
  }
}

}  // namespace replsim
