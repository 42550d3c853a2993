#include "simulator/analysis/promised.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/reads/guarantee_order.h"
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

// A pinned client that read from two nodes, although the promise assumes that its node answers
// within the deadline; empty if there is none. A token makes the promise independent of the node.
std::string MovedClient(const proto::Scenario& resolved, const Recording& recording) {
  const proto::Workload& workload = resolved.workload();
  if (workload.session().node() != proto::PINNED || workload.read_wait() != proto::NO_WAIT) {
    return "";
  }
  std::map<uint32_t, uint16_t> node_of;  // by client
  for (const Operation& operation : recording.operations) {
    if (operation.is_write != 0 || operation.node == kNoNode) continue;
    const auto [known, is_first] = node_of.try_emplace(operation.client, operation.node);
    if (!is_first && known->second != operation.node) {
      return absl::StrCat("client ", operation.client, " is pinned, but read from two nodes");
    }
  }
  return "";
}

void CheckReaders(const proto::Scenario& resolved, const Recording& recording,
                  proto::RunReport& report) {
  const std::vector<GuaranteePromise> promises = GuaranteesOf(resolved);
  const GuaranteePromise* const stays = FindGuarantee(promises, "monotonic_reads");
  if (stays != nullptr && stays->promised) {
    if (const std::string moved = MovedClient(resolved, recording); !moved.empty()) {
      report.add_notes(absl::StrCat("no guarantee to readers is judged as a promise: ", moved));
      return;
    }
  }
  for (const GuaranteePromise& promise : promises) {
    proto::PromisedGuarantee& said = *report.mutable_promise()->add_to_readers();
    said.set_name(promise.name);
    said.set_promised(promise.promised);
    said.set_because(promise.because);
  }
  const std::vector<BrokenGuarantee> broken =
      FindBrokenGuarantees(promises, report.consistency().summary());
  std::vector<std::string> names;
  for (const BrokenGuarantee& guarantee : broken) names.push_back(guarantee.name);
  // A guarantee that implies another broken one is broken because of it.
  const std::vector<std::string> weakest = WeakestOf(names);
  for (const BrokenGuarantee& guarantee : broken) {
    if (std::find(weakest.begin(), weakest.end(), guarantee.name) == weakest.end()) continue;
    report.add_breaches(absl::StrCat(kPromiseBroken, guarantee.text));
  }
}

}  // namespace

std::vector<BrokenGuarantee> FindBrokenGuarantees(const std::vector<GuaranteePromise>& promises,
                                                  const proto::ConsistencySummary& summary) {
  std::vector<BrokenGuarantee> broken;
  for (const proto::GuaranteeVerdict& verdict : summary.verdicts()) {
    const GuaranteePromise* const promise = FindGuarantee(promises, verdict.name());
    if (verdict.holds() || promise == nullptr || !promise->promised) continue;
    broken.push_back(
        {verdict.name(), absl::StrCat(LabelOfGuarantee(verdict.name()), ": ", verdict.violations(),
                                      " of ", verdict.checked(), " ", verdict.of(), ", although ",
                                      promise->because, "; ", verdict.witness())});
  }
  return broken;
}

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
  CheckReaders(resolved, recording, report);
}

}  // namespace replsim
