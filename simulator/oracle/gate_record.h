// How far a primary could let writes through, by what its trace holds before: its own stages, and
// what it had learned of each replica's. Computed from the knobs alone, without the code of
// primary/core.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

class GateRecord {
 public:
  // Both outlive it. `node` is an index of the recording's.
  GateRecord(const proto::Scenario& resolved, const Recording& recording, size_t node);

  // The next record of the node's trace.
  void Add(const TraceRecord& record);

  bool leads() const { return leads_; }
  // The last LSN that it inherited when it began to lead.
  uint64_t inherited() const { return inherited_; }
  // Since it began to lead it has at some time done without the replicas.
  bool was_degraded() const { return was_degraded_; }
  uint64_t Own(proto::AckStage stage) const { return own_[stage]; }
  // How far the sync set has come at a replica stage.
  uint64_t Set(proto::AckStage stage) const;
  // The highest position, since it began to lead, at which a gate at the stage was open.
  uint64_t Open(proto::AckStage stage) const;

 private:
  using Positions = std::array<uint64_t, proto::AckStage_ARRAYSIZE>;
  void BeginToLead(uint64_t lsn);
  uint64_t Local() const;
  uint64_t Now(proto::AckStage stage) const;
  size_t Needed() const;

  const proto::Scenario& scenario_;
  const proto::ReplicationSpec& spec_;
  const size_t node_;
  std::vector<bool> counts_;      // of each node: one of the set
  bool waits_for_flush_ = false;  // its own log counts when flushed
  bool first_reign_ = false;      // nobody has led before
  bool leads_ = false;
  bool degraded_ = false;
  bool was_degraded_ = false;
  uint64_t inherited_ = 0;
  Positions own_{};
  Positions open_{};  // before the last time that it was protected again
  std::vector<Positions> peers_;
};

}  // namespace replsim
