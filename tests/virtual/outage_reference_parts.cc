#include "tests/virtual/outage_reference_parts.h"

#include <algorithm>
#include <string>

namespace replsim {
namespace {

using proto::RunEvent;

// Whether the promotion that this event began made this node lead at `led_ns`: neither a start nor
// another leadership of the node lies between the two.
bool LedTo(const Recording& recording, const std::vector<Leads>& leads, const RunEvent& event,
           const Leads& led) {
  if (event.kind() != RunEvent::PROMOTE_BEGIN || event.time_ns() > led.begin) return false;
  if (!event.node().empty() && event.node() != recording.nodes[led.node].id) return false;
  const std::optional<int64_t> start = StartAfter(recording, led.node, event.time_ns());
  if (start && *start <= led.begin) return false;
  return std::none_of(leads.begin(), leads.end(), [&](const Leads& other) {
    return other.node == led.node && other.begin >= event.time_ns() && other.begin < led.begin;
  });
}

}  // namespace

std::optional<ReferenceParts> SplitOutage(const Recording& recording,
                                          const std::vector<Leads>& leads,
                                          const Operation& first_write, int64_t begin_ns,
                                          int64_t end_ns) {
  std::optional<int64_t> detected;
  std::optional<int64_t> promoted;
  for (const Leads& led : leads) {
    if (led.epoch != first_write.epoch) continue;
    for (const RunEvent& event : recording.events) {
      if (LedTo(recording, leads, event, led)) detected = event.time_ns();
    }
    promoted = led.begin;  // where the supervisor never learned of it
    if (!detected) return std::nullopt;
    for (auto event = recording.events.rbegin(); event != recording.events.rend(); ++event) {
      if (event->kind() != RunEvent::PROMOTED || event->time_ns() < *detected) continue;
      if (event->node() == recording.nodes[led.node].id) promoted = event->time_ns();
    }
  }
  if (!detected) return std::nullopt;
  // Each instant of the outage belongs to the part that had begun last.
  const int64_t first = std::min(std::max(*detected, begin_ns), end_ns);
  const int64_t second = std::min(std::max(*promoted, first), end_ns);
  return ReferenceParts{first - begin_ns, second - first, end_ns - second};
}

}  // namespace replsim
