#include "simulator/promise/gate_reach.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/config/ack_stage.h"

namespace replsim {
std::string WhyGateCannotBeReached(const proto::ReplicationSpec& spec, absl::string_view leader) {
  const proto::SyncSetSpec& set = spec.sync_set();
  const bool waits = IsReplicaStage(spec.ack_after()) || IsReplicaStage(spec.visible_after());
  // Only `first` names members. With on_timeout: degrade the primary continues without the set.
  if (!waits || set.ids().empty() || spec.on_timeout() == proto::DEGRADE) return "";
  const auto others = std::count_if(set.ids().begin(), set.ids().end(),
                                    [&](const std::string& id) { return id != leader; });
  if (others >= static_cast<std::ptrdiff_t>(set.count())) return "";
  return absl::StrCat("the gate first ", set.count(), " [", absl::StrJoin(set.ids(), ", "),
                      "] cannot be reached while ", leader, " leads");
}

bool PrimaryWaitsToShow(const proto::ReplicationSpec& spec) {
  const bool logs_later = spec.order() == proto::REPLICAS_FIRST && IsReplicaStage(spec.ack_after());
  return logs_later || IsReplicaStage(spec.visible_after());
}

bool ReplicaWaitsToShow(const proto::ReplicationSpec& spec) {
  return spec.replica_apply() == proto::ON_COMMIT && IsReplicaStage(spec.ack_after());
}

}  // namespace replsim
