// What the nodes recorded about elections: the records kSuspects to kStepsDown, kPicks and
// kHandsOver, of their traces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/recording/recording.h"

namespace replsim {

struct ElectionRecord {
  TraceKind kind;
  size_t node = 0;  // of Recording::voter
  size_t peer = 0;  // kVotes: the candidate; kPicks, kHandsOver: the node told; kElected: trace.h
  uint64_t epoch = 0;
  int64_t time_ns = 0;
};

class ElectionRecords {
 public:
  explicit ElectionRecords(const Recording& recording);

  const std::vector<ElectionRecord>& all() const { return all_; }  // in order of time
  // When the node first wrote a record of this kind and epoch.
  std::optional<int64_t> FirstOf(TraceKind kind, size_t node, uint64_t epoch) const;
  // The node that stood so that `node` could lead `epoch`: itself, or the witness that picked it.
  size_t CandidateFor(size_t node, uint64_t epoch) const;
  // When that node first stood for the epoch.
  std::optional<int64_t> StoodAt(size_t node, uint64_t epoch) const;
  // The nodes that elected that candidate for `epoch`: itself, and each that voted for it. A vote
  // for a request that a partition held back until after the election elected no node. Ascending.
  std::vector<size_t> ElectorsOf(size_t node, uint64_t epoch) const;

 private:
  std::vector<ElectionRecord> all_;
};

}  // namespace replsim
