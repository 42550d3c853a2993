#include "simulator/cluster/seam/cluster.h"

#include "common/base/check.h"

namespace replsim {
namespace {

// A scenario that needs a missing capability is refused before its run starts (scenario_needs.h),
// so a call that reaches a default implementation is a mistake in this program.
void Lacks(Capability capability) {
  REPL_CHECK(false, "the cluster was asked for ", NameOf(capability),
             ", which its capabilities do not include");
}

}  // namespace

const std::vector<NodeId>& Cluster::witnesses() const {
  static const std::vector<NodeId> none;
  return none;
}

void Cluster::Submit(uint64_t, uint64_t, absl::string_view, absl::string_view, Instant,
                     OperationDone) {
  Lacks(Capability::kTickets);
}
void Cluster::Execute(const Command&, Instant, OperationDone) { Lacks(Capability::kCommands); }
void Cluster::AskTicket(uint64_t, Position, bool, Instant, OperationDone) {
  Lacks(Capability::kTickets);
}
void Cluster::Kill(const NodeId&, Done) { Lacks(Capability::kKill); }
void Cluster::LoseHost(const NodeId&, Done) { Lacks(Capability::kHostLoss); }
void Cluster::Restart(const NodeId&, Done) { Lacks(Capability::kRestart); }
void Cluster::Pause(const NodeId&, Done) { Lacks(Capability::kPause); }
void Cluster::Resume(const NodeId&, Done) { Lacks(Capability::kPause); }
void Cluster::Promote(const NodeId&, Done) { Lacks(Capability::kPromote); }
void Cluster::SwitchOver(const NodeId&, Done) { Lacks(Capability::kPromote); }
void Cluster::Demote(const NodeId&, Done) { Lacks(Capability::kPromote); }
void Cluster::SetLink(const NodeId&, const NodeId&, LinkSpec) {}
void Cluster::CutLink(const NodeId&, const NodeId&) {}
void Cluster::HealLink(const NodeId&, const NodeId&) {}
void Cluster::LosePower(const NodeId&, std::optional<uint64_t>, PowerLost) {
  Lacks(Capability::kPowerLoss);
}
void Cluster::SetDisk(const NodeId&, const proto::SetDiskRequest&, Done) {
  Lacks(Capability::kDiskFaults);
}
void Cluster::FlipBit(const NodeId&, Lsn, uint64_t,
                      absl::AnyInvocable<void(absl::StatusOr<BitFlipped>)>) {
  Lacks(Capability::kBitFlips);
}
void Cluster::OnNodeFailed(NodeFailed) {}
void Cluster::SetApplyDelay(const NodeId&, Nanos, Done) { Lacks(Capability::kSlowApply); }
void Cluster::ArmFailpoint(const NodeId&, FailpointSpec, Done) { Lacks(Capability::kFailpoints); }
void Cluster::OnFailpointFired(FailpointFired) {}
void Cluster::ResetLink(const NodeId&, const NodeId&) {}
void Cluster::SetShare(const NodeId&, double, Done) { Lacks(Capability::kSlowNode); }
void Cluster::SetWallClock(const NodeId&, Nanos, double, Done) { Lacks(Capability::kClockOffset); }

}  // namespace replsim
