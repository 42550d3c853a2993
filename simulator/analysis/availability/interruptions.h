// How long operations went without an answer, by kind and by the group in which the clients sit.
//
// A gap lies between two neighbours among: the load's beginning, each answered operation of the
// kind that was answered inside the load, and the load's end. Answered means committed. Where
// clients of several groups reach different primaries, the gap of the whole cluster is that of
// nobody: each group has its own.
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

// All gaps of the load between committed operations that `counts`, in order of time. Empty where
// the load has no length.
std::vector<Gap> GapsWithout(const Recording& recording,
                             const std::function<bool(const Operation&)>& counts);
// The longest; the first of several. Nothing where there is none.
std::optional<Gap> LongestOf(const std::vector<Gap>& gaps);

// Absent: no client asked for such an operation.
proto::RunReport::Interruptions MeasureInterruptions(const Recording& recording,
                                                     const WorkloadFacts& facts);

}  // namespace replsim
