#include "simulator/analysis/durability/promised.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/promise/promise.h"

namespace replsim {
namespace {

// Describes damage that no fault of the scenario caused; empty if there was none.
std::string OtherFault(const Recording& recording) {
  if (recording.manifest.faults_by_hand() > 0) return "a fault was injected by hand";
  for (const proto::RunEvent& event : recording.events) {
    if (event.kind() == proto::RunEvent::EXITED) {
      return absl::StrCat(event.node(), " ended unexpectedly: not a fault of the scenario");
    }
  }
  return "";
}

}  // namespace

void CheckPromise(const proto::Scenario& resolved, const Recording& recording,
                  proto::RunReport& report) {
  proto::RunReport::Promise& said = *report.mutable_promise();
  said.set_faults(static_cast<uint32_t>(resolved.faults_size()));
  if (const std::string other = OtherFault(recording); !other.empty()) {
    said.set_because(other);
    return;
  }
  const Promise promise = PromiseOf(resolved);
  said.set_keeps_acknowledged(promise.keeps_acknowledged);
  said.set_because(promise.because);
  if (const std::string broken = WhyBroken(promise, report.writes()); !broken.empty()) {
    report.add_breaches(broken);
  }
}

}  // namespace replsim
