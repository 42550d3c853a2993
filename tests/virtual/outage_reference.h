// A second implementation of outages.h, losses.h, catch_up.h and fault_intervals.h, written from
// the definitions and as simple as possible: it examines every instant and uses no index. For small
// recordings in virtual time with a trace of every node.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/recording/recording.h"
#include "tests/virtual/outage_reference_parts.h"

namespace replsim {

struct ReferenceLag {
  std::optional<uint64_t> p50_entries;  // absent: it never followed while it was up
  std::optional<uint64_t> p99_entries;
  std::optional<uint64_t> max_entries;
};

struct ReferenceFigures {
  uint64_t failovers = 0;
  std::optional<int64_t> rto_ns;
  std::optional<ReferenceParts> parts;  // of the outage that determines the RTO
  std::optional<int64_t> rpo_ns;
  int64_t unavailable_ns = 0;
  std::vector<int64_t> down_ns;                     // per node
  std::vector<ReferenceLag> lag;                    // of stage apply, per node
  std::vector<std::optional<int64_t>> catch_up_ns;  // the longest per node
  std::vector<uint64_t> never_caught_up;
};

// `lost` tells for each operation whether it is an acknowledged write that was lost.
ReferenceFigures MeasurePlainly(const Recording& recording, const std::vector<bool>& lost);

}  // namespace replsim
