#include "simulator/judge/zones.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "simulator/judge/indexes.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Kind;
using history::kNever;
using history::Operation;
using history::Value;

// Before every time of a history, and far enough from the limit that times can be subtracted.
constexpr int64_t kBeforeAll = std::numeric_limits<int64_t>::min() / 4;
// The number of overlapping clusters up to which they are compared one by one; more are searched
// with a tree. Usually it is the number of overlapping writes.
constexpr size_t kFew = 64;

struct Cluster {
  size_t number = 0;  // index before the sort
  int64_t write_begin = kBeforeAll;
  int64_t f = kBeforeAll;
  int64_t last_read = kBeforeAll;  // the latest begin of a read
  size_t write = kNone;            // kNone: the initial value
  size_t first_to_end = kNone;     // the operation that ended at f
  size_t last_to_begin = kNone;    // the read that began at last_read

  int64_t s() const { return std::max(write_begin, last_read); }
};

// The maximum of any range, in O(log n).
class MaxTree {
 public:
  explicit MaxTree(const std::vector<Cluster>& clusters)
      : size_(clusters.size()), tree_(2 * clusters.size()) {
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
  KeyJudge(const History& history, const std::vector<size_t>& operations, Watch* watch)
      : history_(history), operations_(operations), watch_(*watch) {}

  ZonesOfKey Judge() {
    BuildClusters();
    if (watch_.WasSpent()) return {};
    std::sort(clusters_.begin(), clusters_.end(),
              [](const Cluster& a, const Cluster& b) { return a.f < b.f; });
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

  // Reads that ended before their write began, or whose value no operation wrote, are violations
  // and are left out of the clusters.
  void BuildClusters() {
    absl::flat_hash_map<Value, size_t> numbers;
    numbers.reserve(operations_.size() / 2 + 1);
    clusters_.emplace_back();
    numbers[history_.initial] = 0;
    for (const size_t index : operations_) {
      const Operation& write = at(index);
      if (watch_.IsSpent()) return;
      if (write.kind != Kind::kWrite) continue;
      numbers[write.value] = clusters_.size();
      clusters_.push_back(
          {.write_begin = write.begin, .f = write.end, .write = index, .first_to_end = index});
    }
    cluster_of_.assign(operations_.size(), kNone);
    for (size_t i = 0; i < operations_.size(); ++i) {
      const Operation& operation = at(operations_[i]);
      if (watch_.IsSpent()) return;
      if (operation.kind == Kind::kRead) ++out_.reads;
      const auto it = numbers.find(operation.value);
      if (it == numbers.end()) {
        Refuse({operations_[i]},
               absl::StrCat(TextOf(operations_[i]), ", which no operation wrote"));
        continue;
      }
      Cluster& cluster = clusters_[it->second];
      if (operation.kind == Kind::kRead && operation.end < cluster.write_begin) {
        Refuse({operations_[i], cluster.write},
               absl::StrCat(TextOf(operations_[i]), ", a value from the future: ",
                            TextOf(cluster.write), " began after that"));
        continue;
      }
      cluster_of_[i] = it->second;
      if (operation.kind != Kind::kRead) continue;
      if (operation.end < cluster.f) {
        cluster.f = operation.end;
        cluster.first_to_end = operations_[i];
      }
      if (operation.begin > cluster.last_read) {
        cluster.last_read = operation.begin;
        cluster.last_to_begin = operations_[i];
      }
    }
    // An unanswered write that was never read need not have happened.
    std::vector<size_t> moved(clusters_.size(), kNone);
    std::vector<Cluster> kept;
    kept.reserve(clusters_.size());
    for (size_t i = 0; i < clusters_.size(); ++i) {
      if (clusters_[i].f == kNever) continue;
      moved[i] = kept.size();
      kept.push_back(clusters_[i]);
    }
    for (size_t& cluster : cluster_of_) {
      if (cluster != kNone) cluster = moved[cluster];
    }
    clusters_ = std::move(kept);
    for (size_t i = 0; i < clusters_.size(); ++i) clusters_[i].number = i;
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
    std::vector<int64_t> f(size);
    std::vector<std::pair<int64_t, size_t>> latest(size + 1,
                                                   {kBeforeAll, 0});  // of clusters before it
    for (size_t i = 0; i < size; ++i) {
      f[i] = clusters_[i].f;
      latest[i + 1] = std::max(latest[i], {clusters_[i].last_read, i});
    }
    std::vector<int64_t> overwritten(size + 1, kNever);  // for clusters before it
    std::optional<MaxTree> tree;
    for (size_t b = 0; b < size; ++b) {
      const Cluster& cluster = clusters_[b];
      if (watch_.IsSpent()) return;
      if (cluster.write == kNone) continue;
      // A was certainly written before B's write began, so B is newer.
      const size_t older = static_cast<size_t>(
          std::lower_bound(f.begin(), f.end(), cluster.write_begin) - f.begin());
      overwritten[older] = std::min(overwritten[older], cluster.f);
      const auto [read, a] = latest[older];
      if (read > cluster.f) Contradict(a, b, read - cluster.f);
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
      const size_t to = static_cast<size_t>(
          std::lower_bound(clusters_.begin() + static_cast<std::ptrdiff_t>(from),
                           clusters_.begin() + static_cast<std::ptrdiff_t>(b), last - worst_,
                           [](const Cluster& c, int64_t value) { return c.f < value; }) -
          clusters_.begin());
      const auto [read, a] = tree.Of(from, to);
      if (from >= to || read - cluster.f <= worst_) return;
      const int64_t before = worst_;
      Overlapping(a, b);
      if (worst_ == before) return;
    }
  }

  void MeasureLateReads() {
    for (size_t i = 0; i < operations_.size(); ++i) {
      const Operation& read = at(operations_[i]);
      if (watch_.IsSpent()) return;
      if (read.kind != Kind::kRead || cluster_of_[i] == kNone) continue;
      const size_t cluster = PlaceOf(cluster_of_[i]);
      if (read.begin > newer_[cluster]) out_.late_reads.push_back(read.begin - newer_[cluster]);
    }
  }

  // The index of a cluster after the sort.
  size_t PlaceOf(size_t number) {
    if (places_.empty()) {
      places_.resize(clusters_.size());
      for (size_t i = 0; i < clusters_.size(); ++i) {
        places_[clusters_[i].number] = i;
      }
    }
    return places_[number];
  }

  void TellConflict() {
    const Cluster& a = clusters_[worst_pair_.first];
    const Cluster& b = clusters_[worst_pair_.second];
    std::vector<size_t> witness;
    for (const Cluster* cluster : {&a, &b}) {
      for (const size_t index : {cluster->write, cluster->first_to_end}) {
        if (index != kNone) witness.push_back(index);
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
    return cluster.write == kNone
               ? absl::StrCat("the initial value ", history_.TextOf(history_.initial))
               : absl::StrCat("the write of ", history_.TextOf(at(cluster.write).value));
  }

  // The operation of `first` that ended before the operation of `second` began.
  static Precedence OrderOf(const Cluster& first, const Cluster& second) {
    if (first.write == kNone) return {kNone, second.write};
    return {first.first_to_end, second.write != kNone && second.write_begin > first.f
                                    ? second.write
                                    : second.last_to_begin};
  }

  // Why `first` is before `second`, as text.
  std::string Because(const Cluster& first, const Cluster& second) const {
    const std::string order =
        absl::StrCat(NameOf(first), " is before ", NameOf(second), ", because ");
    if (first.write == kNone) return absl::StrCat(order, "nothing is before the initial value");
    return absl::StrCat(order, TextOf(first.first_to_end), " and ended before ",
                        TextOf(OrderOf(first, second).second), " began");
  }

  // Operations of one client follow each other even if they meet at one instant.
  void CheckOwnOrder() {
    absl::flat_hash_map<uint32_t, size_t> last;
    for (size_t i = 0; i < operations_.size(); ++i) {
      const Operation& operation = at(operations_[i]);
      const auto [it, fresh] = last.emplace(operation.process, i);
      if (fresh) continue;
      const size_t before = std::exchange(it->second, i);
      if (at(operations_[before]).end != operation.begin) continue;
      if (cluster_of_[before] == kNone || cluster_of_[i] == kNone) continue;
      const Cluster& old = clusters_[PlaceOf(cluster_of_[before])];
      const Cluster& now = clusters_[PlaceOf(cluster_of_[i])];
      if (&old == &now || now.f >= old.s()) continue;
      Refuse({operations_[before], operations_[i]},
             absl::StrCat(TextOf(operations_[i]), ", after ", TextOf(operations_[before])));
      out_.late_by = 1;  // the smallest possible Δ suffices
      return;
    }
  }

  const History& history_;
  const std::vector<size_t>& operations_;
  Watch& watch_;
  ZonesOfKey out_;
  std::vector<Cluster> clusters_;   // in order of f, once built
  std::vector<size_t> cluster_of_;  // by position in operations_: Cluster::number
  std::vector<size_t> places_;
  std::vector<int64_t> newer_;  // by cluster: reads that begin later than this are late
  int64_t worst_ = 0;           // largest Δ of all conflicts
  std::pair<size_t, size_t> worst_pair_;
};

}  // namespace

namespace {

std::string DescribeOperation(const History& history, const Operation& operation,
                              const std::string& key) {
  std::string text = absl::StrCat(history.processes[operation.process], " ");
  switch (operation.kind) {
    case Kind::kRead:
      absl::StrAppend(&text, "read ", key, history.TextOf(operation.value));
      break;
    case Kind::kWrite:
      absl::StrAppend(&text, "wrote ", key, history.TextOf(operation.value));
      break;
    case Kind::kAppend:
      absl::StrAppend(&text, "appended ", key, history.TextOf(operation.value));
      break;
    case Kind::kCas:
      absl::StrAppend(&text, "set ", key, history.TextOf(operation.expected), " to ",
                      history.TextOf(operation.value));
      if (operation.outcome == history::Outcome::kNo) text += " in vain";
      break;
  }
  if (operation.node > 0) absl::StrAppend(&text, " on ", history.nodes[operation.node - 1u]);
  if (operation.line > 0) {
    absl::StrAppend(&text, " (line ", operation.line, ")");
  } else if (history.has_times) {
    const auto seconds = [&](int64_t time) {
      return absl::StrFormat("%.6f", static_cast<double>(time - history.origin) / 1e9);
    };
    absl::StrAppend(&text, " (", seconds(operation.begin), " to ",
                    operation.end == kNever ? "?" : seconds(operation.end), " s)");
  }
  return text;
}

}  // namespace

std::string Describe(const History& history, const Operation& operation) {
  return DescribeOperation(history, operation, "");
}

std::string DescribeWithKey(const History& history, const Operation& operation) {
  return DescribeOperation(
      history, operation,
      history.keys.size() > 1 ? absl::StrCat(history.keys[operation.key], " = ") : "");
}

bool HasUniqueValues(const History& history, const std::vector<size_t>& operations) {
  std::vector<Value> written;
  for (const size_t index : operations) {
    const Operation& operation = history.operations[index];
    if (operation.kind == Kind::kRead) continue;
    if (operation.kind != Kind::kWrite || operation.value == history.initial) return false;
    written.push_back(operation.value);
  }
  std::sort(written.begin(), written.end());
  return std::adjacent_find(written.begin(), written.end()) == written.end();
}

namespace {

// `operations` without the one at `out`, and without reads whose write is left out.
std::vector<size_t> Without(const History& history, const std::vector<size_t>& operations,
                            size_t out) {
  const Operation& left_out = history.operations[operations[out]];
  std::vector<size_t> rest;
  for (size_t i = 0; i < operations.size(); ++i) {
    const bool orphan =
        left_out.kind == Kind::kWrite && history.operations[operations[i]].value == left_out.value;
    if (i != out && !orphan) rest.push_back(operations[i]);
  }
  return rest;
}

// Shrinks the violation to few operations that still show one.
Violation Smallest(const History& history, Violation violation, Watch* watch) {
  for (size_t out = 0; out < violation.witness.size() && violation.witness.size() > 2;) {
    const std::vector<size_t> rest = Without(history, violation.witness, out);
    std::optional<Violation> smaller = KeyJudge(history, rest, watch).Judge().violation;
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

ZonesOfKey JudgeZones(const History& history, const std::vector<size_t>& operations, Watch* watch) {
  ZonesOfKey zones = KeyJudge(history, operations, watch).Judge();
  if (zones.violation) zones.violation = Smallest(history, *std::move(zones.violation), watch);
  return zones;
}

}  // namespace replsim::judge
