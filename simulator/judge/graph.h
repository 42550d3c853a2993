// What must come before what: a graph of transactions, and its shortest cycle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/judge/watch.h"

namespace replsim::judge {

// Why one transaction is before another.
enum class Edge : uint8_t {
  kSession,      // it is earlier in the same session
  kTime,         // it ended before the other began
  kRead,         // the other read what it wrote
  kWrite,        // the other overwrote what it wrote
  kOverwritten,  // it read what the other overwrote
  kCommitted,    // the other's write was read by one that had seen this one's write of that key
};

class Graph {
 public:
  explicit Graph(size_t nodes) : out_(nodes) {}

  // `key`: of what was read or written.
  void Add(uint32_t from, uint32_t to, Edge why, uint32_t key, uint32_t witness) {
    if (from == to) return;
    out_[from].push_back({to, why, key, witness});
    ++arcs_;
  }

  struct Arc {
    uint32_t to = 0;
    Edge why = Edge::kSession;
    uint32_t key = 0;
    uint32_t witness = 0;  // kCommitted: the transaction that read
  };
  struct CycleArc {
    uint32_t from = 0;
    Arc arc;
  };
  // A shortest cycle through one of the first nodes that are in any; empty: there is none. Linear
  // to decide; to find a short one, searches from a bounded number of nodes. Empty too if the time
  // is spent: `watch` says so.
  std::vector<CycleArc> ShortestCycle(Watch* watch) const;
  // What the arcs take.
  size_t bytes() const { return arcs_ * sizeof(Arc) + out_.size() * sizeof(out_[0]); }

  const std::vector<Arc>& out(uint32_t node) const { return out_[node]; }

 private:
  // Strongly connected components of more than one node; by node: its component, or kNoNode.
  std::vector<uint32_t> Components(Watch* watch) const;

  std::vector<std::vector<Arc>> out_;
  size_t arcs_ = 0;
};

}  // namespace replsim::judge
