// Linearizability of a register whose values are each written once, without search: P. B. Gibbons,
// E. Korach, "Testing shared memories", 1997, in the form of zones: W. Golab, X. Li, M. A. Shah,
// "Analyzing consistency properties for fun and profit", 2011.
//
// A cluster is a write with the reads that saw its value; the initial value is a write before
// everything. f is the earliest end in it: from then on the value is certainly there. s is the
// latest begin: until then it is still asked for. Cluster A is before B if f(A) < s(B). The
// register is linearizable if no two clusters are each before the other, every value was written,
// and no read ended before its write began. O(n log n), whatever overlaps and however many writes
// were never answered: a write that was never answered and never read may be left out, and one that
// was read happened.
//
// Equal instants overlap; only one client's own operations follow each other at one instant.
//
// The lateness Δ of a history is the smallest time such that, with the begin of every read moved
// earlier by Δ, it is linearizable. Of two clusters that contradict each other one is moved out of
// the way: the reads of A before f(B), or those of B before f(A) if the write of B began by then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// What is wrong with one key: the operations that show it, as indexes into History::operations, in
// order of begin; and why.
struct Violation {
  std::vector<size_t> witness;
  std::string reason;
  std::vector<std::string> because;
  std::vector<Precedence> order;  // as Verdict has it
};

struct ZonesOfKey {
  std::optional<Violation> violation;  // absent: linearizable
  // Absent: no Δ is enough (a value from the future, or from nowhere).
  std::optional<int64_t> late_by = 0;
  // How late each read is that is late. Where more than 64 writes overlap one write, only the read
  // that is latest of all is sure to be among them.
  std::vector<int64_t> late_reads;
  uint64_t reads = 0;
};

// Whether ZonesOf can judge these operations of one key: only reads and writes, each value written
// at most once, and none of them the initial one.
bool HasUniqueValues(const history::History& history, const std::vector<size_t>& operations);

// `operations` are all of one key, in order of begin. If the time is spent, which `watch` says, the
// answer is worth nothing.
ZonesOfKey JudgeZones(const history::History& history, const std::vector<size_t>& operations,
                      Watch* watch);

// "process 3 wrote 7 (line 12, answered in line 15)".
std::string Describe(const history::History& history, const history::Operation& operation);
// "process 3 wrote x = 7 (line 12)"; the same as above if the history has one key.
std::string DescribeWithKey(const history::History& history, const history::Operation& operation);

}  // namespace replsim::judge
