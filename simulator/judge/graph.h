// A precedence graph of transactions, and its shortest cycle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/judge/watch.h"

namespace replsim::judge {

// Reasons why a transaction A precedes a transaction B.
enum class Edge : uint8_t {
  kSession,      // A is earlier in the same session
  kTime,         // A ended before B began
  kRead,         // B read a value that A wrote
  kWrite,        // B overwrote a value that A wrote
  kOverwritten,  // A read a value that B overwrote
  kCommitted,    // a transaction that had seen A's write of a key read B's write of it
};

class Graph {
 public:
  explicit Graph(size_t nodes) : out_(nodes) {}

  // `key`: the key that was read or written.
  void Add(uint32_t from, uint32_t to, Edge why, uint32_t key, uint32_t witness) {
    if (from == to) return;
    out_[from].push_back({to, why, key, witness});
    ++arcs_;
  }

  struct Arc {
    uint32_t to = 0;
    Edge why = Edge::kSession;
    uint32_t key = 0;
    uint32_t witness = 0;  // kCommitted: the reading transaction
  };
  struct CycleArc {
    uint32_t from = 0;
    Arc arc;
  };
  // A short cycle; empty if there is none. Deciding whether one exists takes linear time. The
  // shortest cycle is searched only from a bounded number of nodes, the first ones that are in
  // cycles. Also empty if the time budget is exhausted before a cycle is found; `watch` then says
  // so.
  std::vector<CycleArc> ShortestCycle(Watch* watch) const;
  // Memory that the arcs take.
  size_t bytes() const { return arcs_ * sizeof(Arc) + out_.size() * sizeof(out_[0]); }

  const std::vector<Arc>& out(uint32_t node) const { return out_[node]; }

 private:
  // By node: the number of its strongly connected component, or kNoNode if that is the node alone.
  std::vector<uint32_t> Components(Watch* watch) const;

  std::vector<std::vector<Arc>> out_;
  size_t arcs_ = 0;
};

}  // namespace replsim::judge
