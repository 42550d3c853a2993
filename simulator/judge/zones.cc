#include "simulator/judge/zones.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "simulator/judge/describe.h"

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
    MeasureLateReads();
    if (watch_.WasSpent()) return {};
    if (!out_.violation && worst_ > 0) TellConflict();
    if (!out_.violation) CheckOwnOrder();
    if (out_.late_by) out_.late_by = std::max(*out_.late_by, worst_);
    return std::move(out_);
  }

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
    for (const uint32_t index : operations_) {
      const Operation& read = at(index);
      if (watch_.IsSpent()) return;
      if (read.kind != Kind::kRead) continue;
      ++out_.reads;
      const uint32_t cluster = clusters_.Of(read);
      if (cluster == kNoNode || read.begin <= newer_[cluster]) continue;
      out_.late_reads.push_back(read.begin - newer_[cluster]);
    }
  }

  void TellConflict() {
    const Cluster& a = clusters_[worst_pair_.first];
    const Cluster& b = clusters_[worst_pair_.second];
    std::vector<size_t> witness;
    for (const Cluster* cluster : {&a, &b}) {
      for (const uint32_t index : {cluster->write, cluster->first_to_end}) {
        if (index != kNoNode) witness.push_back(index);
      }
      const int64_t other = cluster == &a ? b.f : a.f;
      if (cluster->write_begin <= other && cluster->last_read > other) {
        witness.push_back(cluster->last_to_begin);
      }
    }
    std::sort(witness.begin(), witness.end());
    witness.erase(std::unique(witness.begin(), witness.end()), witness.end());
    Violation violation{std::move(witness), "", {}, {}};
    const size_t late = a.last_to_begin;
    violation.reason = absl::StrCat(TextOf(late), ", after it had been overwritten");
    violation.because.push_back(Because(a, b));
    violation.because.push_back(absl::StrCat("however, ", Because(b, a), ": a contradiction"));
    violation.order = {OrderOf(a, b), OrderOf(b, a)};
    out_.violation = std::move(violation);
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
  void CheckOwnOrder() {
    absl::flat_hash_map<uint32_t, uint32_t> last;
    for (const uint32_t index : operations_) {
      const Operation& operation = at(index);
      const auto [it, fresh] = last.emplace(operation.process, index);
      if (fresh) continue;
      const uint32_t before = std::exchange(it->second, index);
      if (at(before).end != operation.begin) continue;
      const uint32_t old = clusters_.Of(at(before));
      const uint32_t now = clusters_.Of(operation);
      if (old == kNoNode || now == kNoNode || old == now) continue;
      if (clusters_[now].f >= clusters_[old].s()) continue;
      Refuse({before, index}, absl::StrCat(TextOf(index), ", after ", TextOf(before)));
      out_.late_by = 1;  // the smallest possible Δ suffices
      return;
    }
  }

  const History& history_;
  const Operations operations_;
  Watch& watch_;
  ZonesOfKey out_;  // before clusters_, which reports refused reads
  const Clusters clusters_;
  std::vector<int64_t> newer_;  // by cluster: reads that begin later than this are late
  int64_t worst_ = 0;           // largest Δ of all conflicts
  std::pair<size_t, size_t> worst_pair_;
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
  ZonesOfKey zones = KeyJudge(history, operations, table, watch).Judge();
  if (zones.violation) {
    zones.violation = Smallest(history, *std::move(zones.violation), table, watch);
  }
  return zones;
}

}  // namespace replsim::judge
