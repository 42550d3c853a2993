#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/config/ack_stage.h"
#include "protos/types.pb.h"
#include "simulator/oracle/gate_record.h"
#include "simulator/oracle/oracle.h"
#include "simulator/oracle/reached.h"

namespace replsim {
namespace {

class PrimaryRules {
 public:
  PrimaryRules(const proto::Scenario& resolved, const Recording& recording, size_t node)
      : scenario_(resolved),
        spec_(resolved.replication()),
        recording_(recording),
        node_(node),
        gate_(resolved, recording, node) {}

  // The first violation by this node.
  std::optional<std::string> FirstBreach() {
    for (const TraceRecord& record : *recording_.nodes[node_].trace) {
      gate_.Add(record);
      if (!gate_.leads()) continue;
      std::optional<std::string> breach = Judge(record);
      if (breach) return breach;
      NoteDone(record);
    }
    return std::nullopt;
  }

  // The position up to which the node could acknowledge writes, including inherited ones, over
  // time.
  const Reached& done() const { return done_; }

 private:
  std::optional<std::string> Judge(const TraceRecord& record) const {
    const uint64_t lsn = record.lsn;
    switch (static_cast<TraceKind>(record.kind)) {
      case TraceKind::kSend:
        if (spec_.order() == proto::REPLICAS_FIRST) return std::nullopt;
        return Beyond("sent", lsn, gate_.Own(spec_.send_after()));
      case TraceKind::kAppend:
        if (spec_.order() != proto::REPLICAS_FIRST || gate_.was_degraded()) return std::nullopt;
        if (lsn <= gate_.inherited()) return std::nullopt;
        return Beyond("logged", lsn, gate_.Set(spec_.ack_after()));
      case TraceKind::kCommit:
        if (lsn <= gate_.inherited()) return Inherited(lsn);
        return Beyond("released", lsn, gate_.Open(spec_.ack_after()));
      case TraceKind::kJoinsSet:
        return JoinedBehind(record);
      case TraceKind::kApply:
        if (lsn <= gate_.inherited()) return std::nullopt;
        return Beyond("showed", lsn, gate_.Open(spec_.visible_after()));
      default:
        return std::nullopt;
    }
  }

  std::optional<std::string> Beyond(const char* did, uint64_t lsn, uint64_t allowed) const {
    if (lsn <= allowed) return std::nullopt;
    return absl::StrFormat("%s %s writes up to %d, but its knobs allow them only up to %d", name(),
                           did, lsn, allowed);
  }

  // A member of the in-sync set may be elected, so it must have every released write, unless others
  // must vote for it (in_sync.acks).
  std::optional<std::string> JoinedBehind(const TraceRecord& record) const {
    if (spec_.in_sync().has_acks()) return std::nullopt;
    if (!IsReplicaStage(spec_.ack_after()) || gate_.was_degraded()) return std::nullopt;
    if (record.peer >= recording_.nodes.size()) return std::nullopt;
    const uint64_t has = gate_.Peer(record.peer, spec_.ack_after());
    if (has >= released_) return std::nullopt;
    return absl::StrFormat(
        "%s joined the in-sync set of %s with writes up to %d only, but those up "
        "to %d were released",
        recording_.NodeName(record.peer), name(), has, released_);
  }

  std::optional<std::string> Inherited(uint64_t lsn) const {
    if (scenario_.failover().take_over() != proto::OWN_RECORD) return std::nullopt;
    return absl::StrFormat(
        "%s released inherited writes up to %d before a record of its own epoch, which begins "
        "after %d",
        name(), lsn, gate_.inherited());
  }

  // Notes the open position. Beyond the inherited part only released writes show it.
  void NoteDone(const TraceRecord& record) {
    const bool released = static_cast<TraceKind>(record.kind) == TraceKind::kCommit;
    if (static_cast<TraceKind>(record.kind) == TraceKind::kLeads) released_ = 0;
    if (released) released_ = std::max(released_, record.lsn);
    if (released || done_.last() < gate_.inherited()) {
      done_.Add(record.time_ns, gate_.Open(spec_.ack_after()));
    }
  }

  std::string name() const { return recording_.nodes[node_].id; }

  const proto::Scenario& scenario_;
  const proto::ReplicationSpec& spec_;
  const Recording& recording_;
  const size_t node_;
  GateRecord gate_;
  Reached done_;
  uint64_t released_ = 0;  // since it began to lead
};

}  // namespace

std::vector<std::string> FindEarlyReleases(const proto::Scenario& resolved,
                                           const Recording& recording) {
  std::vector<std::string> sentences;
  std::vector<std::optional<Reached>> done(recording.nodes.size());
  for (size_t i = 0; i < recording.nodes.size(); ++i) {
    if (!recording.nodes[i].trace) continue;
    PrimaryRules rules(resolved, recording, i);
    if (const std::optional<std::string> breach = rules.FirstBreach()) {
      sentences.push_back(*breach);
    } else {
      done[i] = rules.done();
    }
  }
  for (const Operation& operation : recording.operations) {
    if (operation.is_write == 0 || operation.outcome != proto::COMMITTED) continue;
    if (operation.node >= done.size() || !done[operation.node]) continue;
    const uint64_t reached = done[operation.node]->At(operation.completed_ns);
    if (operation.lsn <= reached) continue;
    sentences.push_back(absl::StrFormat(
        "%s acknowledged write %d:%d to a client, but had released only up to %d",
        recording.nodes[operation.node].id, operation.epoch, operation.lsn, reached));
    break;
  }
  return sentences;
}

}  // namespace replsim
