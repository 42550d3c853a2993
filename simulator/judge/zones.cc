#include "simulator/judge/zones.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/judge/describe.h"
#include "simulator/judge/own_order.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Kind;
using history::kNever;
using history::Operation;

// The number of overlapping clusters up to which they are compared one by one; more are searched
// with a tree. Usually it is the number of overlapping writes.
constexpr size_t kFew = 64;

using Operations = absl::Span<const uint32_t>;

// The maximum of any range, in O(log n).
class MaxTree {
 public:
  explicit MaxTree(const Clusters& clusters) : size_(clusters.size()), tree_(2 * clusters.size()) {
    for (size_t i = 0; i < size_; ++i) tree_[size_ + i] = {clusters[i].last_read, i};
    for (size_t i = size_; i-- > 1;) tree_[i] = std::max(tree_[2 * i], tree_[2 * i + 1]);
  }
  // The latest last_read in [from, to), and the index of its cluster.
  std::pair<int64_t, size_t> Of(size_t from, size_t to) const {
    std::pair<int64_t, size_t> best{kBeforeAll, 0};
    for (from += size_, to += size_; from < to; from /= 2, to /= 2) {
      if (from % 2 == 1) best = std::max(best, tree_[from++]);
      if (to % 2 == 1) best = std::max(best, tree_[--to]);
    }
    return best;
  }

 private:
  const size_t size_;
  std::vector<std::pair<int64_t, size_t>> tree_;
};

class KeyJudge {
 public:
  // `table` is empty.
  KeyJudge(const History& history, Operations operations, ValueTable* table, Watch* watch)
      : history_(history),
        operations_(operations),
        watch_(*watch),
        clusters_(history, operations, table, watch,
                  [this](uint32_t read, uint32_t write) { RefuseRead(read, write); }) {}

  ZonesOfKey Judge() {
    if (watch_.WasSpent()) return {};
    FindConflicts();
    FollowOwnOrder();
    MeasureLateReads();
    if (watch_.WasSpent()) return {};
    if (out_.late_by) out_.late_by = std::max(worst_, own_worst_);
    if (out_.violation) return std::move(out_);
    if (worst_ > 0 && worst_ >= own_worst_) {
      TellConflict();
    } else if (own_pair_) {
      TellOwnPair();
    } else if (!own_cycle_.empty()) {
      TellOwnCycle();
    }
    return std::move(out_);
  }
  bool has_own_cycle() const { return !own_cycle_.empty(); }  // the Δ of Judge may be too small

 private:
  const Operation& at(size_t index) const { return history_.operations[index]; }
  std::string TextOf(size_t index) const { return Describe(history_, at(index)); }

  void RefuseRead(uint32_t read, uint32_t write) {
    if (write == kNoNode) {
      return Refuse({read}, absl::StrCat(TextOf(read), ", which no operation wrote"));
    }
    Refuse({read, write}, absl::StrCat(TextOf(read), ", a value from the future: ", TextOf(write),
                                       " began after that"));
  }

  void Refuse(std::vector<size_t> witness, std::string reason) {
    out_.late_by.reset();
    if (out_.violation) return;
    std::sort(witness.begin(), witness.end());
    out_.violation = Violation{std::move(witness), std::move(reason), {}, {}};
  }

  // Records that `a` and `b` contradict each other. `cost` is the Δ that resolves it.
  void Contradict(size_t a, size_t b, int64_t cost) {
    if (cost <= worst_) return;
    worst_ = cost;
    worst_pair_ = {a, b};
  }
  // Reads of `old` that begin after `from` are late.
  void Overwritten(size_t old, int64_t from) { newer_[old] = std::min(newer_[old], from); }

  // Finds contradicting pairs A, B with f(A) <= f(B): last_read(A) > f(B), and the value of B is
  // still read after f(A).
  void FindConflicts() {
    const size_t size = clusters_.size();
    newer_.assign(size, kNever);
    std::vector<uint32_t> latest(size);  // up to it: the cluster with the latest last_read
    for (size_t i = 1; i < size; ++i) {
      const bool is_later = clusters_[i].last_read >= clusters_[latest[i - 1]].last_read;
      latest[i] = is_later ? static_cast<uint32_t>(i) : latest[i - 1];
    }
    std::vector<int64_t> overwritten(size + 1, kNever);  // for clusters before it
    std::optional<MaxTree> tree;
    size_t older = 0;
    for (size_t b = 0; b < size; ++b) {
      const Cluster& cluster = clusters_[b];
      if (watch_.IsSpent()) return;
      if (cluster.write == kNoNode) continue;
      // A was certainly written before B's write began, so B is newer.
      older = clusters_.FirstFrom(cluster.write_begin, older);
      overwritten[older] = std::min(overwritten[older], cluster.f);
      if (older > 0) {
        const size_t a = latest[older - 1];
        const int64_t read = clusters_[a].last_read;
        if (read > cluster.f) Contradict(a, b, read - cluster.f);
      }
      // The writes overlapped: either may be the newer one.
      if (b - older <= kFew) {
        for (size_t i = older; i < b; ++i) Overlapping(i, b);
      } else {
        if (!tree) tree.emplace(clusters_);
        SearchOverlapping(*tree, older, b);
      }
    }
    int64_t least = kNever;
    for (size_t i = size; i-- > 0;) {
      least = std::min(least, overwritten[i + 1]);
      Overwritten(i, least);
    }
  }

  void Overlapping(size_t a, size_t b) {
    const int64_t move_a = clusters_[a].last_read - clusters_[b].f;
    const int64_t move_b = clusters_[b].last_read - clusters_[a].f;
    if (move_a <= 0 || move_b <= 0) return;
    Contradict(a, b, std::min(move_a, move_b));
    if (move_a <= move_b) {
      Overwritten(a, clusters_[b].f);
    } else {
      Overwritten(b, clusters_[a].f);
    }
  }

  // The same for many clusters: those that contradict B by more than a given Δ lie in a range of f.
  void SearchOverlapping(const MaxTree& tree, size_t from, size_t b) {
    const Cluster& cluster = clusters_[b];
    while (true) {
      const int64_t last = cluster.last_read;
      if (last == kBeforeAll) return;
      const size_t to = std::clamp(clusters_.FirstFrom(last - worst_, b), from, b);
      const auto [read, a] = tree.Of(from, to);
      if (from >= to || read - cluster.f <= worst_) return;
      const int64_t before = worst_;
      Overlapping(a, b);
      if (worst_ == before) return;
    }
  }

  void MeasureLateReads() {
    auto own_late = own_late_.begin();
    for (const uint32_t index : operations_) {
      const Operation& read = at(index);
      if (watch_.IsSpent()) return;
      if (read.kind != Kind::kRead) continue;
      ++out_.reads;
      const uint32_t cluster = clusters_.Of(read);
      if (cluster == kNoNode) continue;
      const bool own = own_late != own_late_.end() && *own_late == index;
      if (own) ++own_late;
      if (read.begin > newer_[cluster]) {
        out_.late_reads.push_back(read.begin - newer_[cluster]);
      } else if (own) {
        out_.late_reads.push_back(1);
      }
    }
  }

  void TellConflict() {
    const Cluster& a = clusters_[worst_pair_.first];
    const Cluster& b = clusters_[worst_pair_.second];
    std::vector<size_t> witness;
    AddEvidence(a, b, &witness);
    AddEvidence(b, a, &witness);
    Tell(std::move(witness),
         absl::StrCat(TextOf(a.last_to_begin), ", after it had been overwritten"), Because(b, a),
         {OrderOf(a, b), OrderOf(b, a)}, Because(a, b));
  }

  // The value of `next` is older than that of `before`, although its client saw that one first.
  void TellOwnPair() {
    const Cluster& newer = clusters_[own_pair_->from];
    const Cluster& older = clusters_[own_pair_->to];
    std::vector<size_t> witness = {own_pair_->before, own_pair_->next};
    AddEvidence(older, newer, &witness);
    AddEvidence(newer, older, &witness);
    Tell(std::move(witness), ReasonOf(*own_pair_), TextOf(*own_pair_),
         {OrderOf(older, newer), {own_pair_->before, own_pair_->next}}, Because(older, newer));
  }

  void TellOwnCycle() {
    std::vector<size_t> witness;
    std::vector<Precedence> order;
    std::vector<std::string> because;
    for (const OwnStep& step : own_cycle_) {
      const Cluster& from = clusters_[step.from];
      const Cluster& to = clusters_[step.to];
      AddEvidence(from, to, &witness);
      AddEvidence(to, from, &witness);
      if (step.edge) {
        witness.insert(witness.end(), {step.edge->before, step.edge->next});
        order.push_back({step.edge->before, step.edge->next});
      } else {
        order.push_back(OrderOf(from, to));
      }
      because.push_back(step.edge ? TextOf(*step.edge) : Because(from, to));
    }
    const std::string last = std::move(because.back());
    because.pop_back();
    Tell(std::move(witness), ReasonOf(*own_cycle_[0].edge), last, std::move(order),
         absl::StrJoin(because, "; "));
  }

  std::string ReasonOf(const OwnEdge& edge) const {
    return absl::StrCat(TextOf(edge.next), ", after ", TextOf(edge.before));
  }
  std::string TextOf(const OwnEdge& edge) const {
    return absl::StrCat(ReasonOf(edge), ", by one client");
  }

  // The operations that show when the value of `cluster` was certainly written, and that it was
  // still read after that of `other`.
  void AddEvidence(const Cluster& cluster, const Cluster& other, std::vector<size_t>* witness) {
    for (const uint32_t index : {cluster.write, cluster.first_to_end}) {
      if (index != kNoNode) witness->push_back(index);
    }
    if (cluster.write_begin <= other.f && cluster.last_read > other.f) {
      witness->push_back(cluster.last_to_begin);
    }
  }

  void Tell(std::vector<size_t> witness, std::string reason, const std::string& however,
            std::vector<Precedence> order, std::string because) {
    std::sort(witness.begin(), witness.end());
    witness.erase(std::unique(witness.begin(), witness.end()), witness.end());
    out_.violation =
        Violation{std::move(witness),
                  std::move(reason),
                  {std::move(because), absl::StrCat("however, ", however, ": a contradiction")},
                  std::move(order)};
  }

  std::string NameOf(const Cluster& cluster) const {
    return cluster.write == kNoNode
               ? absl::StrCat("the initial value ", history_.TextOf(history_.initial))
               : absl::StrCat("the write of ", history_.TextOf(at(cluster.write).value));
  }

  // The operation of `first` that ended before the operation of `second` began.
  static Precedence OrderOf(const Cluster& first, const Cluster& second) {
    if (first.write == kNoNode) return {kNone, second.write};
    return {first.first_to_end, second.write != kNoNode && second.write_begin > first.f
                                    ? second.write
                                    : second.last_to_begin};
  }

  // Why `first` is before `second`, as text.
  std::string Because(const Cluster& first, const Cluster& second) const {
    const std::string order =
        absl::StrCat(NameOf(first), " is before ", NameOf(second), ", because ");
    if (first.write == kNoNode) return absl::StrCat(order, "nothing is before the initial value");
    return absl::StrCat(order, TextOf(first.first_to_end), " and ended before ",
                        TextOf(OrderOf(first, second).second), " began");
  }

  // Operations of one client follow each other even if they meet at one instant.
  void FollowOwnOrder() {
    const std::vector<OwnEdge> edges = OwnEdges(history_, operations_, clusters_);
    for (const OwnEdge& edge : edges) CheckOwnPair(edge);
    own_cycle_ = CycleOf(history_, edges, clusters_);
    if (!own_cycle_.empty()) BreakOwnCycle();
    std::sort(own_late_.begin(), own_late_.end());
    own_late_.erase(std::unique(own_late_.begin(), own_late_.end()), own_late_.end());
  }

  // The Δ that breaks this step of a cycle; kNever: none does.
  int64_t CostOf(const OwnStep& step) const {
    if (step.edge) return at(step.edge->next).kind == Kind::kRead ? 1 : kNever;
    const int64_t from = clusters_[step.from].f;
    const Cluster& to = clusters_[step.to];
    return to.write_begin <= from ? to.last_read - from : kNever;
  }

  // The reads of the step that costs least are late.
  void BreakOwnCycle() {
    const OwnStep& step = *std::min_element(
        own_cycle_.begin(), own_cycle_.end(),
        [this](const OwnStep& a, const OwnStep& b) { return CostOf(a) < CostOf(b); });
    const int64_t cost = CostOf(step);
    if (cost == kNever) return out_.late_by.reset();
    own_worst_ = std::max(own_worst_, cost);
    if (step.edge) {
      own_late_.push_back(step.edge->next);
    } else {
      Overwritten(step.to, clusters_[step.from].f);
    }
  }

  // If the value of `next` is the older one, a read that begins any earlier resolves that. A write
  // keeps its place: then the reads that see the value of `before` later are late.
  void CheckOwnPair(const OwnEdge& edge) {
    if (edge.from == edge.to) return RefuseRead(edge.before, edge.next);
    const int64_t written = clusters_[edge.to].f;
    if (written >= clusters_[edge.from].s()) return;
    int64_t cost = 1;
    if (at(edge.next).kind == Kind::kRead) {
      own_late_.push_back(edge.next);
    } else {
      cost = clusters_[edge.from].last_read - written;
      Overwritten(edge.from, written);
    }
    if (cost <= own_worst_) return;
    own_worst_ = cost;
    own_pair_ = edge;
  }

  const History& history_;
  const Operations operations_;
  Watch& watch_;
  ZonesOfKey out_;  // before clusters_, which reports refused reads
  const Clusters clusters_;
  std::vector<int64_t> newer_;  // by cluster: reads that begin later than this are late
  int64_t worst_ = 0;           // largest Δ of all conflicts
  std::pair<size_t, size_t> worst_pair_;
  // The same for the order of one client's operations that meet at one instant.
  std::vector<uint32_t> own_late_;  // reads that are late by no measurable time, in order
  int64_t own_worst_ = 0;
  std::optional<OwnEdge> own_pair_;
  std::vector<OwnStep> own_cycle_;
};

// `operations` without the one at `out`, and without reads whose write is left out.
std::vector<uint32_t> Without(const History& history, const std::vector<size_t>& operations,
                              size_t out) {
  const Operation& left_out = history.operations[operations[out]];
  std::vector<uint32_t> rest;
  for (size_t i = 0; i < operations.size(); ++i) {
    const bool orphan =
        left_out.kind == Kind::kWrite && history.operations[operations[i]].value == left_out.value;
    if (i != out && !orphan) rest.push_back(static_cast<uint32_t>(operations[i]));
  }
  return rest;
}

// Shrinks the violation to few operations that still show one.
Violation Smallest(const History& history, Violation violation, ValueTable* table, Watch* watch) {
  for (size_t out = 0; out < violation.witness.size() && violation.witness.size() > 2;) {
    const std::vector<uint32_t> rest = Without(history, violation.witness, out);
    std::optional<Violation> smaller = KeyJudge(history, rest, table, watch).Judge().violation;
    if (smaller && smaller->witness.size() < violation.witness.size()) {
      violation = *std::move(smaller);
      out = 0;
    } else {
      ++out;
    }
  }
  return violation;
}

// Moves the begin of every read earlier. So that a read does not follow the operation of its client
// that ends where it begins now, times are doubled, and it begins half a unit before that. A read
// that took no time ends half a unit later, because it still follows what its client did before.
History Moved(const History& history, Operations operations, int64_t by) {
  History moved;
  moved.values = history.values;
  moved.initial = history.initial;
  moved.keys = history.keys;
  moved.processes = history.processes;
  for (const uint32_t index : operations) {
    Operation& operation = moved.operations.emplace_back(history.operations[index]);
    const bool is_read = operation.kind == Kind::kRead;
    const bool took_none = is_read && operation.begin == operation.end;
    operation.begin = 2 * operation.begin - (is_read ? 2 * by + 1 : 0);
    if (operation.end != kNever) operation.end = 2 * operation.end + (took_none ? 1 : 0);
  }
  std::stable_sort(moved.operations.begin(), moved.operations.end(),
                   [](const Operation& a, const Operation& b) { return a.begin < b.begin; });
  return moved;
}

// A cycle in which operations of one client meet may leave others behind when it is broken: looks
// again after each move.
void SettleLateness(const History& history, Operations operations, Watch* watch,
                    ZonesOfKey* zones) {
  while (zones->late_by && !watch->IsSpent()) {
    const History moved = Moved(history, operations, *zones->late_by);
    std::vector<uint32_t> all(moved.operations.size());
    std::iota(all.begin(), all.end(), 0u);
    ValueTable table(moved);
    const ZonesOfKey rest = KeyJudge(moved, all, &table, watch).Judge();
    if (!rest.violation) return;
    if (!rest.late_by) return zones->late_by.reset();
    *zones->late_by += (*rest.late_by + 1) / 2;
  }
}

}  // namespace

bool HasUniqueValues(const History& history, Operations operations, ValueTable* table) {
  bool unique = true;
  for (const uint32_t index : operations) {
    const Operation& operation = history.operations[index];
    if (operation.kind == Kind::kRead) continue;
    uint32_t& written = (*table)[operation.value];
    unique =
        operation.kind == Kind::kWrite && operation.value != history.initial && written == kNoNode;
    if (!unique) break;
    written = index;
  }
  table->Clear(operations);
  return unique;
}

ZonesOfKey JudgeZones(const History& history, Operations operations, ValueTable* table,
                      Watch* watch) {
  ZonesOfKey zones;
  {
    KeyJudge judge(history, operations, table, watch);
    zones = judge.Judge();
    if (judge.has_own_cycle()) SettleLateness(history, operations, watch, &zones);
  }
  if (zones.violation) {
    zones.violation = Smallest(history, *std::move(zones.violation), table, watch);
  }
  return zones;
}

}  // namespace replsim::judge
