// The order of operations of one client that meet at one instant: one began when the other ended.
// Operations of different clients overlap then, so that this is no order of time, and clusters
// (clusters.h) alone do not show that it is violated.
//
// If `before` in cluster A is followed by `next` in cluster B, then A is before B. This adds to the
// order of time only if f(A) = s(B), because otherwise f(A) < s(B). With both kinds of order two
// contradictions are left to look for beside those of two clusters in order of time (zones.h):
//
//   a pair    B is before A in order of time.
//   a cycle   of clusters at which edges of one instant begin or end. No other cycle needs to be
//             looked for: let Z be the cluster of a cycle with the smallest f, W the one before Z,
//             and V the one before W. Then f(Z) <= f(V) <= s(W) and f(W) <= s(Z). If Z and W do not
//             contradict each other as a pair, f(Z) = f(V) = s(W), and V before W is an edge of
//             that instant. The same holds for V in the place of Z, and so on. From W to Z it is
//             the order of time, or an edge of any instant.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "simulator/history/history.h"
#include "simulator/judge/clusters.h"

namespace replsim::judge {

struct OwnEdge {
  uint32_t before = 0;  // operations of one client, the second of which began when the first ended
  uint32_t next = 0;
  uint32_t from = 0;  // their clusters: two, or one if a client wrote a value that it had just read
  uint32_t to = 0;
};

// In order of `next`. `operations` are those of one key, in order of begin.
std::vector<OwnEdge> OwnEdges(const history::History& history,
                              absl::Span<const uint32_t> operations, const Clusters& clusters);

// One step of a cycle: an edge, or the order of time between two clusters.
struct OwnStep {
  uint32_t from = 0;
  uint32_t to = 0;
  std::optional<OwnEdge> edge;
};
// A short cycle of edges that meet at one instant; empty if there is none.
std::vector<OwnStep> CycleOf(const history::History& history, const std::vector<OwnEdge>& edges,
                             const Clusters& clusters);

}  // namespace replsim::judge
