#include "simulator/judge/own_order.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Operation;
using Steps = std::vector<OwnStep>;

using EdgesFrom = absl::flat_hash_map<uint32_t, std::vector<OwnEdge>>;

// The clusters of the edges of one instant, with all steps between them.
class Meeting {
 public:
  // `from`: the edges of all instants.
  Meeting(absl::Span<const OwnEdge> edges, const EdgesFrom& from, const Clusters& clusters)
      : edges_(edges) {
    for (const OwnEdge& edge : edges) {
      nodes_.push_back(edge.from);
      nodes_.push_back(edge.to);
    }
    std::sort(nodes_.begin(), nodes_.end());
    nodes_.erase(std::unique(nodes_.begin(), nodes_.end()), nodes_.end());
    steps_.resize(nodes_.size());
    for (const uint32_t node : nodes_) {
      const auto own = from.find(node);
      if (own != from.end()) {
        for (const OwnEdge& edge : own->second) {
          if (Has(edge.to)) steps_[At(node)].push_back({node, edge.to, edge});
        }
      }
      for (const uint32_t to : nodes_) {
        if (node == to || clusters[node].f >= clusters[to].s()) continue;
        steps_[At(node)].push_back({node, to, std::nullopt});
      }
    }
  }

  Steps ShortestCycle() const {
    Steps shortest;
    for (const OwnEdge& edge : edges_) {
      Steps cycle = Path(edge.to, edge.from);
      if (cycle.empty()) continue;
      cycle.insert(cycle.begin(), OwnStep{edge.from, edge.to, edge});
      if (shortest.empty() || cycle.size() < shortest.size()) shortest = std::move(cycle);
    }
    return shortest;
  }

 private:
  size_t At(uint32_t cluster) const {
    return static_cast<size_t>(std::lower_bound(nodes_.begin(), nodes_.end(), cluster) -
                               nodes_.begin());
  }

  bool Has(uint32_t cluster) const {
    return std::binary_search(nodes_.begin(), nodes_.end(), cluster);
  }

  // The fewest steps from one cluster to another one; empty: there is no path.
  Steps Path(uint32_t from, uint32_t to) const {
    std::vector<const OwnStep*> reached_by(nodes_.size(), nullptr);
    std::deque<uint32_t> queue{from};
    while (!queue.empty() && reached_by[At(to)] == nullptr) {
      for (const OwnStep& step : steps_[At(queue.front())]) {
        if (step.to == from || reached_by[At(step.to)] != nullptr) continue;
        reached_by[At(step.to)] = &step;
        queue.push_back(step.to);
      }
      queue.pop_front();
    }
    Steps path;
    for (uint32_t at = to; at != from;) {
      const OwnStep* const step = reached_by[At(at)];
      if (step == nullptr) return {};
      path.insert(path.begin(), *step);
      at = step->from;
    }
    return path;
  }

  const absl::Span<const OwnEdge> edges_;
  std::vector<uint32_t> nodes_;
  std::vector<Steps> steps_;  // by node: those that begin there
};

}  // namespace

std::vector<OwnEdge> OwnEdges(const History& history, absl::Span<const uint32_t> operations,
                              const Clusters& clusters) {
  std::vector<OwnEdge> edges;
  absl::flat_hash_map<uint32_t, uint32_t> last;
  for (const uint32_t index : operations) {
    const Operation& operation = history.operations[index];
    const uint32_t to = clusters.Of(operation);
    if (to == kNoNode) continue;
    const auto [it, fresh] = last.emplace(operation.process, index);
    if (fresh) continue;
    const uint32_t before = std::exchange(it->second, index);
    if (history.operations[before].end != operation.begin) continue;
    const uint32_t from = clusters.Of(history.operations[before]);
    const bool foresees = from == to && operation.kind == history::Kind::kWrite;
    if (from != to || foresees) edges.push_back({before, index, from, to});
  }
  return edges;
}

std::vector<OwnStep> CycleOf(const History& history, const std::vector<OwnEdge>& edges,
                             const Clusters& clusters) {
  std::vector<OwnEdge> meeting;
  for (const OwnEdge& edge : edges) {
    if (edge.from != edge.to && clusters[edge.from].f == clusters[edge.to].s())
      meeting.push_back(edge);
  }
  if (meeting.size() < 2) return {};
  EdgesFrom from;
  for (const OwnEdge& edge : meeting) from[edge.from].push_back(edge);
  for (size_t first = 0; first < meeting.size();) {
    const auto begin_of = [&](size_t at) { return history.operations[meeting[at].next].begin; };
    size_t end = first + 1;
    while (end < meeting.size() && begin_of(end) == begin_of(first)) ++end;
    const absl::Span<const OwnEdge> group(&meeting[first], end - first);
    Steps cycle = Meeting(group, from, clusters).ShortestCycle();
    if (!cycle.empty()) return cycle;
    first = end;
  }
  return {};
}

}  // namespace replsim::judge
