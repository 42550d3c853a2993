// The highest position that a primary's gate allowed at each moment, from the trace of that
// primary: its own stages, and what it had learned of each replica's stages. Computed from the
// knobs alone, without using the code of primary/core.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

class GateRecord {
 public:
  // Both must outlive this object. `node` is an index into Recording::nodes.
  GateRecord(const proto::Scenario& resolved, const Recording& recording, size_t node);

  // Adds the next record of the node's trace.
  void Add(const TraceRecord& record);

  bool leads() const { return leads_; }
  // The last LSN that the primary inherited when it began to lead.
  uint64_t inherited() const { return inherited_; }
  // Whether the primary has degraded at some time since it began to lead.
  bool was_degraded() const { return was_degraded_; }
  uint64_t Own(proto::AckStage stage) const { return own_[stage]; }
  // What the primary has learned of another node.
  uint64_t Peer(size_t node, proto::AckStage stage) const { return peers_[node][stage]; }
  // The position that the sync set has reached at a replica stage.
  uint64_t Set(proto::AckStage stage) const;
  // The highest position at which a gate at the stage was open since the primary began to lead.
  uint64_t Open(proto::AckStage stage) const;

 private:
  using Positions = std::array<uint64_t, proto::AckStage_ARRAYSIZE>;
  void BeginToLead(uint64_t lsn);
  void KeepOpen();
  uint64_t InSyncSet(proto::AckStage stage) const;
  uint64_t Local() const;
  uint64_t Now(proto::AckStage stage) const;
  size_t Needed() const;

  const proto::Scenario& scenario_;
  const proto::ReplicationSpec& spec_;
  const size_t node_;
  std::vector<bool> counts_;      // by node: whether it is a member of the sync set
  bool waits_for_flush_ = false;  // its own log counts only once it is flushed
  bool first_reign_ = false;      // this is the first leadership of the run
  bool leads_ = false;
  bool degraded_ = false;
  bool was_degraded_ = false;
  uint64_t inherited_ = 0;
  Positions own_{};
  Positions open_{};  // open positions up to the last change of what the gate waits for
  std::vector<Positions> peers_;
  std::vector<bool> in_sync_;  // by node: whether it is in the in-sync set that the witnesses store
};

}  // namespace replsim
