#include "simulator/judge/graph.h"

#include <algorithm>
#include <deque>

#include "simulator/judge/indexes.h"

namespace replsim::judge {
namespace {

constexpr size_t kStarts = 256;  // nodes from which the shortest cycle is searched

}  // namespace

// R. Tarjan, "Depth-first search and linear graph algorithms", 1972, without recursion.
std::vector<uint32_t> Graph::Components(Watch* watch) const {
  const size_t size = out_.size();
  std::vector<uint32_t> number(size, kNoNode);
  std::vector<uint32_t> low(size, 0);
  std::vector<uint32_t> component(size, kNoNode);
  std::vector<bool> on_stack(size, false);
  std::vector<uint32_t> stack;
  struct Frame {
    uint32_t node;
    size_t next;
  };
  std::vector<Frame> frames;
  uint32_t count = 0;
  uint32_t components = 0;
  for (uint32_t root = 0; root < size; ++root) {
    if (number[root] != kNoNode) continue;
    frames.push_back({root, 0});
    while (!frames.empty()) {
      if (watch->IsSpent()) return component;
      Frame& frame = frames.back();
      const uint32_t node = frame.node;
      if (frame.next == 0) {
        number[node] = low[node] = count++;
        stack.push_back(node);
        on_stack[node] = true;
      }
      if (frame.next < out_[node].size()) {
        const uint32_t to = out_[node][frame.next++].to;
        if (number[to] == kNoNode) {
          frames.push_back({to, 0});
        } else if (on_stack[to]) {
          low[node] = std::min(low[node], number[to]);
        }
        continue;
      }
      // A node without arcs gets here in its first visit, with `next` still 0.
      if (low[node] == number[node]) {
        const bool alone = stack.back() == node;
        uint32_t member = kNoNode;
        do {
          member = stack.back();
          stack.pop_back();
          on_stack[member] = false;
          if (!alone) component[member] = components;
        } while (member != node);
        if (!alone) ++components;
      }
      frames.pop_back();
      if (!frames.empty()) {
        low[frames.back().node] = std::min(low[frames.back().node], low[node]);
      }
    }
  }
  return component;
}

std::vector<Graph::CycleArc> Graph::ShortestCycle(Watch* watch) const {
  const std::vector<uint32_t> component = Components(watch);
  std::vector<CycleArc> best;
  size_t starts = 0;
  std::vector<uint32_t> seen(out_.size(), kNoNode);  // by node: the last search that reached it
  std::vector<CycleArc> by(out_.size());             // by node: the arc that reached it
  for (uint32_t start = 0; start < out_.size() && starts < kStarts; ++start) {
    // A cycle found before the time limit stays valid.
    if (watch->WasSpent()) break;
    if (component[start] == kNoNode) continue;
    ++starts;
    std::deque<std::pair<uint32_t, size_t>> queue = {{start, 0}};
    seen[start] = start;
    bool found = false;
    while (!queue.empty() && !found) {
      const auto [node, depth] = queue.front();
      queue.pop_front();
      if (watch->IsSpent(1 + out_[node].size())) break;
      if (!best.empty() && depth + 1 >= best.size()) break;
      for (const Arc& arc : out_[node]) {
        if (arc.to == start) {
          std::vector<CycleArc> cycle = {{node, arc}};
          for (uint32_t at = node; at != start; at = by[at].from) cycle.push_back(by[at]);
          std::reverse(cycle.begin(), cycle.end());
          best = std::move(cycle);
          found = true;
          break;
        }
        if (component[arc.to] != component[start] || seen[arc.to] == start) continue;
        seen[arc.to] = start;
        by[arc.to] = {node, arc};
        queue.emplace_back(arc.to, depth + 1);
      }
    }
  }
  return best;
}

}  // namespace replsim::judge
