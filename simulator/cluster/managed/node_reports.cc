#include "simulator/cluster/managed/node_reports.h"

namespace replsim {

namespace {

proto::RunEvent EventOf(proto::RunEvent::Kind kind, const NodeId& node) {
  proto::RunEvent event;
  event.set_kind(kind);
  event.set_node(node.name());
  return event;
}

}  // namespace

void NodeReports::Started(const NodeId& node, bool as_primary, Instant when) {
  proto::RunEvent event = EventOf(proto::RunEvent::STARTED, node);
  event.set_detail(as_primary ? "primary" : "replica");
  Emit(std::move(event), when);
}

void NodeReports::Elected(const NodeId& node, Epoch epoch, Lsn last, Instant when) {
  proto::RunEvent event = EventOf(proto::RunEvent::ELECTED, node);
  event.set_epoch(epoch.value());
  event.set_lsn(last.value());
  Emit(std::move(event), when);
}

void NodeReports::SteppedDown(const NodeId& node, Instant when) {
  Emit(EventOf(proto::RunEvent::STEPPED_DOWN, node), when);
}

void NodeReports::PrimaryFound(const NodeId& node, const NodeId& clients, Instant when) {
  proto::RunEvent event = EventOf(proto::RunEvent::PRIMARY_FOUND, node);
  event.set_peer(clients.name());
  Emit(std::move(event), when);
}

void NodeReports::Died(const NodeId& node, const std::string& why, Instant when) {
  proto::RunEvent event = EventOf(proto::RunEvent::EXITED, node);
  event.set_detail(why);
  Emit(std::move(event), when);
}

bool NodeReports::DiskFailed(const NodeId& node, const std::string& why, Instant when) {
  if (!node_failed_) return false;
  node_failed_(node, why, when);
  return true;
}

void NodeReports::FailpointFired(const NodeId& node, bool pause, Instant when) {
  if (fired_) fired_(node, pause, when);
}

void NodeReports::Emit(proto::RunEvent event, Instant when) {
  if (!events_) return;
  event.set_time_ns(ToNanos(when));
  events_(event);
}

}  // namespace replsim
