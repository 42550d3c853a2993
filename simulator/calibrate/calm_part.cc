#include "simulator/calibrate/calm_part.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

bool Disturbs(const proto::RunEvent& event) {
  switch (event.kind()) {
    case proto::RunEvent::STARTED:
    case proto::RunEvent::LOAD_BEGIN:
    case proto::RunEvent::LOAD_END:
    case proto::RunEvent::FAULT_ARMED:
    case proto::RunEvent::HEAL_BEGIN:
    case proto::RunEvent::CONVERGED:
    case proto::RunEvent::RUN_END:
      return false;
    case proto::RunEvent::LINK_SET:
      return event.fault() != 0;
    default:
      return true;
  }
}

bool Names(const google::protobuf::RepeatedPtrField<std::string>& ends, absl::string_view end) {
  return std::find(ends.begin(), ends.end(), end) != ends.end();
}

}  // namespace

CalmPart CalmPartOf(const Recording& recording) {
  CalmPart part{recording.manifest.load_begin_ns(), recording.manifest.load_end_ns()};
  for (const proto::RunEvent& event : recording.events) {
    if (Disturbs(event)) part.end_ns = std::min(part.end_ns, event.time_ns());
  }
  return part;
}

std::optional<int64_t> AddedDelay(const proto::Scenario& scenario, absl::string_view from,
                                  absl::string_view to) {
  std::optional<int64_t> added = 0;
  for (const proto::Link& link : scenario.network()) {
    if (!Names(link.from(), from) || !Names(link.to(), to)) continue;
    const proto::Delay& delay = link.delay();
    const bool constant = !delay.has_uniform() && !delay.has_normal() && !delay.has_exponential() &&
                          !delay.has_pareto() && delay.mixture().empty() &&
                          delay.quantiles().empty();
    const bool same_for_all = constant && link.jitter().ns() == 0 && link.loss() == 0 &&
                              link.bandwidth().bits_per_second() == 0;
    added = same_for_all ? std::optional<int64_t>(delay.plus().ns()) : std::nullopt;
  }
  return added;
}

bool HasClientGroups(const proto::Scenario& scenario) {
  return std::any_of(scenario.cluster().groups().begin(), scenario.cluster().groups().end(),
                     [](const proto::Group& group) { return Names(group.nodes(), "client"); });
}

absl::Status CheckEvidence(const Recording& recording) {
  if (recording.nodes.empty() || recording.operations.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(recording.folder,
                     ": no client operation is recorded; expected the recording of a live run "
                     "whose load completed"));
  }
  for (const NodeRecording& node : recording.nodes) {
    if (node.trace && !node.trace->empty()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(recording.folder, ": node ", node.id,
                     " has no stage trace; run the scenario again with cluster.record: true"));
  }
  return absl::OkStatus();
}

}  // namespace replsim
