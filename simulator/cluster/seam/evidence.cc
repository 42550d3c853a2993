#include "simulator/cluster/seam/evidence.h"

namespace replsim {

proto::Manifest::Evidence EvidenceOf(const CapabilitySet& capabilities,
                                     const std::vector<NodeId>& nodes) {
  const auto source = [&](Capability capability) {
    return capabilities.Has(capability) ? proto::EXACT : proto::ABSENT;
  };
  proto::Manifest::Evidence evidence;
  evidence.set_positions(source(Capability::kPositions));
  evidence.set_epochs(source(Capability::kEpochs));
  evidence.set_settings(source(Capability::kSettings));
  evidence.set_processes(source(Capability::kProcesses));
  evidence.set_logs(source(Capability::kLogs));
  evidence.set_digests(source(Capability::kDigests));
  const proto::Source stages = source(Capability::kStageTraces);
  for (const NodeId& id : nodes) {
    proto::Manifest::Evidence::Node& node = *evidence.add_nodes();
    node.set_node(id.name());
    node.set_receive(stages);
    node.set_write(stages);
    node.set_flush(stages);
    node.set_apply(stages);
  }
  return evidence;
}

}  // namespace replsim
