#include "simulator/analysis/fault_bands.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

using proto::RunEvent;

// What can be in force on a node or a link, one of each at a time.
enum class Kind { kDown, kPaused, kCut, kLink, kDisk, kApply, kShare, kClock, kFlap };

struct Change {
  Kind kind;
  bool ends = false;
  const char* what = "";  // with the event's detail behind it
};

// Nothing where the event neither begins nor ends a fault.
std::optional<Change> ChangeOf(const RunEvent& event) {
  const bool ended = event.detail() == "ended";
  switch (event.kind()) {
    case RunEvent::KILLED:
      return Change{Kind::kDown, false, "killed"};
    case RunEvent::EXITED:
      return Change{Kind::kDown, false, "exited"};
    case RunEvent::POWER_LOST:
      return Change{Kind::kDown, false, "power lost"};
    case RunEvent::FAILED:
      return Change{Kind::kDown, false, "stopped, its disk failed"};
    case RunEvent::RESTARTED:
      return Change{Kind::kDown, true};
    case RunEvent::PAUSED:
      return Change{Kind::kPaused, false, "paused"};
    case RunEvent::RESUMED:
      return Change{Kind::kPaused, true};
    case RunEvent::LINK_PARTITIONED:
      return Change{Kind::kCut, false, "partitioned"};
    case RunEvent::LINK_SET:
      return Change{Kind::kLink, false, "link"};
    case RunEvent::LINK_HEALED:
      return Change{Kind::kCut, true};
    case RunEvent::DISK_BROKEN:
      return Change{Kind::kDisk, false, "disk"};
    case RunEvent::DISK_HEALED:
      return Change{Kind::kDisk, true};
    case RunEvent::APPLY_SLOWED:
      return Change{Kind::kApply, ended, "applies slowly"};
    case RunEvent::NODE_SLOWED:
      return Change{Kind::kShare, ended, "slowed"};
    case RunEvent::CLOCK_SKEWED:
      return Change{Kind::kClock, ended, "clock"};
    case RunEvent::FLAPPING:
      return Change{Kind::kFlap, false, "flapping"};
    case RunEvent::FLAP_ENDED:
      return Change{Kind::kFlap, true};
    default:
      return std::nullopt;
  }
}

bool EndsWithHealing(Kind kind) { return kind != Kind::kDown && kind != Kind::kPaused; }

const char* MarkOf(RunEvent::Kind kind) {
  switch (kind) {
    case RunEvent::PROMOTED:
      return "promoted";
    case RunEvent::LINK_RESET:
      return "reset";
    case RunEvent::BIT_FLIPPED:
      return "bit flipped";
    case RunEvent::HEAL_BEGIN:
      return "faults healed";
    case RunEvent::CONVERGED:
      return "converged";
    default:
      return nullptr;
  }
}

std::string Words(const std::string& what, const RunEvent& event) {
  return event.detail().empty() ? what : absl::StrCat(what, ": ", event.detail());
}

// A fault of one node or of one direction of a link.
struct Band {
  Kind kind;
  std::string node;
  std::string peer;
  std::string what;
  int fault = 0;
  int64_t begin_ns = 0;
  std::optional<int64_t> end_ns;
};

class Bands {
 public:
  void Take(const RunEvent& event) {
    if (event.kind() == RunEvent::HEAL_BEGIN) {
      CloseIf(event, [](const Band& band) { return EndsWithHealing(band.kind); });
    }
    const std::optional<Change> change = ChangeOf(event);
    if (!change) return;
    CloseIf(event, [&](const Band& band) { return Ends(*change, event, band); });
    if (change->ends) return;
    bands_.push_back({change->kind, event.node(), event.peer(), Words(change->what, event),
                      event.fault(), event.time_ns(), std::nullopt});
  }
  const std::vector<Band>& all() const { return bands_; }

 private:
  static bool Ends(const Change& change, const RunEvent& event, const Band& band) {
    if (band.node != event.node() || band.peer != event.peer()) return false;
    if (change.kind == band.kind) return true;
    // Healing a link undoes whatever was set on it; a death or a restart ends a pause.
    if (event.kind() == RunEvent::LINK_HEALED) return band.kind == Kind::kLink;
    return change.kind == Kind::kDown && band.kind == Kind::kPaused;
  }

  template <typename Which>
  void CloseIf(const RunEvent& event, const Which& which) {
    for (Band& band : bands_) {
      if (!band.end_ns && which(band)) band.end_ns = event.time_ns();
    }
  }

  std::vector<Band> bands_;
};

// One action on several links, or on both directions of one, is one fault to whoever looks.
bool SameFault(const Band& a, const Band& b) {
  constexpr int64_t kTogetherNs = 5'000'000;
  const auto together = [](int64_t x, int64_t y) { return std::abs(x - y) < kTogetherNs; };
  return a.fault == b.fault && a.kind == b.kind && a.what == b.what && !a.peer.empty() &&
         together(a.begin_ns, b.begin_ns) && a.end_ns.has_value() == b.end_ns.has_value() &&
         (!a.end_ns || together(*a.end_ns, *b.end_ns));
}

// Names of nodes, of links, and of links in both directions.
std::vector<std::string> NamesOf(const std::vector<const Band*>& bands) {
  std::vector<std::string> names;
  for (const Band* band : bands) {
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

void AddFaults(const Recording& recording, proto::Timeline& timeline) {
  const auto seconds = [&](int64_t time_ns) {
    return static_cast<double>(time_ns - recording.manifest.load_begin_ns()) / 1e9;
  };
  Bands bands;
  for (const RunEvent& event : recording.events) {
    bands.Take(event);
    if (const char* text = MarkOf(event.kind())) {
      proto::Timeline::Mark& mark = *timeline.add_marks();
      mark.set_time_s(seconds(event.time_ns()));
      mark.set_text(event.node().empty() ? text : absl::StrCat(event.node(), " ", text));
    }
  }
  std::vector<std::vector<const Band*>> groups;
  for (const Band& band : bands.all()) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      return SameFault(*group.front(), band);
    });
    (same != groups.end() ? *same : groups.emplace_back()).push_back(&band);
  }
  for (const std::vector<const Band*>& group : groups) {
    proto::Timeline::Fault& fault = *timeline.add_faults();
    fault.set_begin_s(seconds(group.front()->begin_ns));
    if (group.front()->end_ns) fault.set_end_s(seconds(*group.front()->end_ns));
    for (std::string& name : NamesOf(group)) fault.add_on(std::move(name));
    fault.set_what(group.front()->what);
    fault.set_fault(group.front()->fault);
    fault.set_down(!EndsWithHealing(group.front()->kind));
  }
}

}  // namespace replsim
