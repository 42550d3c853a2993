#include "simulator/analysis/timeline/fault_bands.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/evidence/fault_groups.h"

namespace replsim {
namespace {

using proto::RunEvent;

// The text of an event that is shown as a mark; null if the event is not marked.
const char* MarkOf(RunEvent::Kind event) {
  if (event == RunEvent::HEAL_BEGIN) return "faults healed";
  if (event == RunEvent::CONVERGED) return "converged";
  if (event == RunEvent::ELECTED) return "elected";
  if (event == RunEvent::STEPPED_DOWN) return "stepped down";
  for (const FaultKind& kind : AllFaultKinds()) {
    const bool instant = kind.leaves == Condition::kNone && *kind.word != '\0';
    if (instant && kind.event == event) return kind.word;
  }
  return nullptr;
}

}  // namespace

void AddFaults(const Recording& recording, proto::Timeline& timeline) {
  const auto seconds = [&](int64_t time_ns) {
    return static_cast<double>(time_ns - recording.manifest.load_begin_ns()) / 1e9;
  };
  for (const RunEvent& event : recording.events) {
    if (const char* text = MarkOf(event.kind())) {
      proto::Timeline::Mark& mark = *timeline.add_marks();
      mark.set_time_s(seconds(event.time_ns()));
      mark.set_text(event.node().empty() ? text : absl::StrCat(event.node(), " ", text));
    }
  }
  for (FaultGroup& group : FindFaultGroups(recording)) {
    proto::Timeline::Fault& fault = *timeline.add_faults();
    fault.set_begin_s(seconds(group.first.begin_ns));
    if (group.first.end_ns) fault.set_end_s(seconds(*group.first.end_ns));
    for (std::string& name : group.on) fault.add_on(std::move(name));
    fault.set_what(group.first.what);
    fault.set_fault(group.first.fault);
    fault.set_down(group.first.kind == Condition::kDown || group.first.kind == Condition::kPaused);
  }
}

}  // namespace replsim
