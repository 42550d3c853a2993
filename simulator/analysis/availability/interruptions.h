// How long operations went without an answer, per kind of operation and per client group.
//
// A gap lies between two neighbours in the sequence: start of the load, each committed operation of
// the kind that completed inside the load, end of the load. Clients of different groups may reach
// different primaries, and then the cluster as a whole has no gap that any client saw. Each group
// therefore has its own gaps.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct Gap {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  int64_t length_ns() const { return end_ns - begin_ns; }
};

// All gaps of the load between committed operations for which `counts` is true, in order of time.
// Empty if the load has zero length.
std::vector<Gap> GapsWithout(const Recording& recording,
                             const std::function<bool(const Operation&)>& counts);
// The longest gap; the earliest if several are equally long. Absent if there is no gap.
std::optional<Gap> LongestOf(const std::vector<Gap>& gaps);

// A field is absent if no client issued an operation of its kind.
proto::RunReport::Interruptions MeasureInterruptions(const Recording& recording,
                                                     const WorkloadFacts& facts);

}  // namespace replsim
