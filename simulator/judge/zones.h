// Linearizability of a register whose values are each written once, without search: P. B. Gibbons,
// E. Korach, "Testing shared memories", 1997, in the form of zones: W. Golab, X. Li, M. A. Shah,
// "Analyzing consistency properties for fun and profit", 2011.
//
// A cluster is a write with the reads that saw its value; the initial value counts as a write
// before everything. f is the earliest end in the cluster: from then on the value has certainly
// been written. s is the latest begin: up to then the value is still read. Cluster A is before B if
// f(A) < s(B). The register is linearizable if no two clusters are each before the other, every
// value read was written, and no read ended before its write began. O(n log n), for any number of
// overlapping or unanswered operations: an unanswered write that was never read may be left out,
// and one that was read happened.
//
// Operations that meet at one instant overlap, except those of one client, which follow each other.
//
// The lateness Δ of a history is the smallest time such that it is linearizable if the begin of
// every read is moved earlier by Δ. Of two clusters that contradict each other, one set of reads is
// moved: those of A to before f(B), or those of B to before f(A) if the write of B began by then. A
// read that began when an operation of its own client ended is moved by one unit of time to overlap
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "simulator/history/history.h"
#include "simulator/judge/clusters.h"
#include "simulator/judge/verdict.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// A violation on one key: the operations that show it, as indexes into History::operations in order
// of begin, and the explanation.
struct Violation {
  std::vector<size_t> witness;
  std::string reason;
  std::vector<std::string> because;
  std::vector<Precedence> order;  // as in Verdict
};

struct ZonesOfKey {
  std::optional<Violation> violation;  // absent: linearizable
  // Δ in time units of the history. Absent if no Δ suffices: the value was never written, or was
  // written only after the read.
  std::optional<int64_t> late_by = 0;
  // The lateness of each late read, in time units of the history; at least 1. If more than 64
  // writes overlap one write, only the read with the largest lateness is certain to be included.
  std::vector<int64_t> late_reads;
  uint64_t reads = 0;
};

// Whether JudgeZones can judge these operations of one key: only reads and writes, each value
// written at most once, and the initial value never written. `table` is empty before and after.
bool HasUniqueValues(const history::History& history, absl::Span<const uint32_t> operations,
                     ValueTable* table);

// `operations` are all operations of one key, in order of begin; `table` is empty before and after.
// The result is invalid if the time budget was exhausted (`watch`).
ZonesOfKey JudgeZones(const history::History& history, absl::Span<const uint32_t> operations,
                      ValueTable* table, Watch* watch);

}  // namespace replsim::judge
