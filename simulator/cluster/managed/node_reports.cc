#include "simulator/cluster/managed/node_reports.h"

namespace replsim {

void NodeReports::Started(const NodeId& node, bool as_primary, Instant when) {
  Emit(proto::RunEvent::STARTED, node, as_primary ? "primary" : "replica", when);
}

void NodeReports::Died(const NodeId& node, const std::string& why, Instant when) {
  Emit(proto::RunEvent::EXITED, node, why, when);
}

bool NodeReports::DiskFailed(const NodeId& node, const std::string& why, Instant when) {
  if (!node_failed_) return false;
  node_failed_(node, why, when);
  return true;
}

void NodeReports::FailpointFired(const NodeId& node, bool pause, Instant when) {
  if (fired_) fired_(node, pause, when);
}

void NodeReports::Emit(proto::RunEvent::Kind kind, const NodeId& node, const std::string& detail,
                       Instant when) {
  if (!events_) return;
  proto::RunEvent event;
  event.set_time_ns(ToNanos(when));
  event.set_kind(kind);
  event.set_node(node.name());
  event.set_detail(detail);
  events_(event);
}

}  // namespace replsim
