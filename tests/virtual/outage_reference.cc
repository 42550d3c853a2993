#include "tests/virtual/outage_reference.h"

#include <algorithm>
#include <map>
#include <set>

#include "common/stats/histogram.h"
#include "protos/types.pb.h"
#include "tests/virtual/outage_reference_logs.h"

namespace replsim {
namespace {

using proto::RunEvent;

class Plainly {
 public:
  Plainly(const Recording& recording, const std::vector<bool>& lost) : r_(recording), lost_(lost) {
    for (const NodeRecording& node : r_.nodes) {
      for (const TraceRecord& record : *node.trace) times_.insert(record.time_ns);
    }
    leads_ = FindLeads(r_);
    spans_ = FindSpans(r_);
    for (const Span& span : spans_) {
      times_.insert(span.begin);
      if (span.end != kForever) times_.insert(span.end);
    }
    for (const int64_t time : {r_.manifest.load_begin_ns(), r_.manifest.load_end_ns()}) {
      times_.insert(time);
    }
    logs_ = FollowLogs(r_, leads_, times_);
  }

  ReferenceFigures Figures() {
    ReferenceFigures out;
    Failovers(out);
    Rpo(out);
    for (int64_t last = Load0(); const Operation& write : r_.operations) {
      if (!Committed(write) || write.completed_ns < Load0()) continue;
      out.unavailable_ns =
          std::max(out.unavailable_ns, std::min(write.completed_ns, Load1()) - last);
      last = std::min(write.completed_ns, Load1());
      last_commit_ = last;
    }
    out.unavailable_ns = std::max(out.unavailable_ns, Load1() - last_commit_.value_or(Load0()));
    for (size_t node = 0; node < r_.nodes.size(); ++node) {
      int64_t down = 0;
      ForEachInstant(Load0(), Load1(), [&](int64_t from, int64_t to) {
        if (IsDown(node, from)) down += to - from;
      });
      out.down_ns.push_back(down);
      out.lag.push_back(LagOf(node));
      CatchUp(node, out);
    }
    return out;
  }

 private:
  int64_t Load0() const { return r_.manifest.load_begin_ns(); }
  int64_t Load1() const { return r_.manifest.load_end_ns(); }
  static bool Committed(const Operation& operation) {
    return operation.is_write && operation.outcome == proto::COMMITTED;
  }
  const std::string& Id(size_t node) const { return r_.nodes[node].id; }

  template <typename Visit>
  void ForEachInstant(int64_t from, int64_t to, const Visit& visit) const {
    for (auto at = times_.begin(); at != times_.end(); ++at) {
      const auto next = std::next(at);
      if (*at < from || *at >= to) continue;
      visit(*at, next == times_.end() ? to : std::min(*next, to));
    }
  }

  // --- faults ---

  bool IsDown(size_t node, int64_t time) const {
    const std::vector<TraceRecord>& trace = *r_.nodes[node].trace;
    if (!trace.empty() && time < trace[0].time_ns) return true;  // before its first start
    return std::any_of(spans_.begin(), spans_.end(), [&](const Span& span) {
      return span.kind == "down" && span.node == Id(node) && span.begin <= time && time < span.end;
    });
  }

  // Lag in entries while the node is up; nothing where it leads or is down.
  std::optional<uint64_t> EntriesAt(size_t node, int64_t time) const {
    if (IsDown(node, time)) return std::nullopt;
    const auto at = logs_.missing[node].find(time);
    return at == logs_.missing[node].end() ? std::nullopt : std::optional(at->second);
  }

  Histogram EntriesWithin(size_t node, int64_t from, int64_t to) const {
    Histogram all;
    ForEachInstant(from, to, [&](int64_t begin, int64_t end) {
      const std::optional<uint64_t> entries = EntriesAt(node, begin);
      if (entries) all.Add(static_cast<int64_t>(*entries), static_cast<uint64_t>(end - begin));
    });
    return all;
  }

  ReferenceLag LagOf(size_t node) const {
    std::map<uint64_t, int64_t> weights;
    int64_t whole = 0;
    ForEachInstant(Load0(), Load1(), [&](int64_t from, int64_t to) {
      const std::optional<uint64_t> entries = EntriesAt(node, from);
      if (!entries) return;
      weights[*entries] += to - from;
      whole += to - from;
    });
    ReferenceLag lag;
    if (whole == 0) return lag;
    const auto quantile = [&](double share) {
      int64_t sum = 0;
      for (const auto& [entries, weight] : weights) {
        sum += weight;
        if (static_cast<double>(sum) >= share * static_cast<double>(whole)) return entries;
      }
      return weights.rbegin()->first;
    };
    lag.p50_entries = quantile(0.50);
    lag.p99_entries = quantile(0.99);
    lag.max_entries = weights.rbegin()->first;
    return lag;
  }

  // --- changes of leadership ---

  struct Change {
    Leads old;
    Leads next;
    int64_t begin = 0;
    std::optional<int64_t> stopped;
    bool promoted = false;
  };

  std::vector<Change> Changes() const {
    std::vector<Change> changes;
    std::optional<Leads> before;
    std::set<const RunEvent*> used;
    for (const Leads& leads : leads_) {
      const RunEvent* promotion = PromotionOf(leads, used);
      if (promotion != nullptr) used.insert(promotion);
      const bool superseded = std::any_of(leads_.begin(), leads_.end(), [&](const Leads& other) {
        return other.epoch > leads.epoch && other.begin <= leads.begin;
      });
      if (superseded) continue;
      if (before) {
        Change change{*before, leads, leads.begin, std::nullopt, false};
        change.promoted = promotion != nullptr;
        if (promotion != nullptr) {
          change.begin = promotion->time_ns();
        } else if (leads.elected) {
          change.begin = leads.stood.value_or(leads.begin);
        } else if (before->node == leads.node) {
          int64_t latest = -1;
          for (const Span& span : spans_) {
            if (span.kind != "down" || span.node != Id(leads.node)) continue;
            if (span.begin < before->begin || span.begin >= leads.begin) continue;
            if (span.begin <= latest) continue;
            latest = span.begin;
            change.begin = std::min(span.end, leads.begin);
          }
        }
        change.stopped = Stopped(change);
        changes.push_back(change);
      }
      before = leads;
    }
    return changes;
  }

  const RunEvent* PromotionOf(const Leads& leads, const std::set<const RunEvent*>& used) const {
    const RunEvent* found = nullptr;
    for (const RunEvent& event : r_.events) {
      if (used.count(&event) > 0 || !Promotes(r_, leads_, event, leads)) continue;
      found = &event;
    }
    return found;
  }

  std::optional<int64_t> Stopped(const Change& change) const {
    std::vector<Span> sure = FindDemotions(r_, change.old);
    std::vector<Span> suspects;
    for (Span span : spans_) {
      if (span.end < change.old.begin || span.begin > change.begin) continue;
      const bool of_old = span.node == Id(change.old.node) && span.begin >= change.old.begin;
      if (change.next.elected && of_old && span.kind == "down") span.end = kForever;
      span.begin = std::max(span.begin, change.old.begin);
      const bool own = span.node == Id(change.old.node);
      if (own && (span.kind == "down" || span.kind == "paused")) {
        sure.push_back(span);
        continue;
      }
      const bool committed_since =
          std::any_of(r_.operations.begin(), r_.operations.end(), [&](const Operation& write) {
            return Committed(write) && write.epoch == change.old.epoch &&
                   write.completed_ns <= change.begin && write.invoked_ns >= span.begin;
          });
      if (!committed_since) suspects.push_back(span);
    }
    std::vector<Span> all = sure;
    for (const Span& suspect : suspects) {
      const bool tried =
          std::any_of(r_.operations.begin(), r_.operations.end(), [&](const Operation& write) {
            if (!write.is_write || write.invoked_ns < suspect.begin) return false;
            if (write.invoked_ns >= change.begin) return false;
            for (const std::vector<Span>* others : {&sure, &suspects}) {
              for (const Span& other : *others) {
                if (other.begin > suspect.begin && other.begin <= write.invoked_ns) return false;
              }
            }
            return true;
          });
      if (tried) all.push_back(suspect);
    }
    // Back from the change, as long as some fault reaches.
    std::optional<int64_t> since;
    for (size_t round = 0; round <= all.size(); ++round) {
      for (const Span& span : all) {
        const int64_t from = since.value_or(change.begin);
        if (span.begin <= from && span.end >= from) since = std::min(from, span.begin);
      }
    }
    return since;
  }

  bool Planned(const Change& change) const {
    if (change.next.elected && !change.promoted &&
        !HandedOver(r_, change.old, change.next.node, change.begin)) {
      return false;
    }
    if (change.stopped || change.old.node == change.next.node) return false;
    return std::none_of(spans_.begin(), spans_.end(), [&](const Span& span) {
      const bool between =
          (span.node == Id(change.old.node) && span.peer == Id(change.next.node)) ||
          (span.peer == Id(change.old.node) && span.node == Id(change.next.node));
      return span.kind == "cut" && between && span.begin <= change.begin && change.begin < span.end;
    });
  }

  // Whether a leadership after the old one answered the write: its own, or that of the node that
  // answered it.
  bool IsOfNewer(const Change& change, const Operation& write) const {
    if (write.epoch > change.old.epoch) return true;
    return std::any_of(leads_.begin(), leads_.end(), [&](const Leads& leads) {
      return leads.epoch > change.old.epoch && leads.node == write.node &&
             leads.begin <= write.completed_ns;
    });
  }

  void Failovers(ReferenceFigures& out) const {
    for (const Change& change : Changes()) {
      if (Planned(change)) continue;
      ++out.failovers;
      std::optional<int64_t> begin = change.stopped;
      if (change.begin >= Load1() && (!begin || *begin >= Load1())) {
        begin = GaveUp(r_, change.old, Load1());
        if (!begin) continue;
      }
      const Operation* first = nullptr;
      for (const Operation& write : r_.operations) {
        if (!Committed(write) || !IsOfNewer(change, write) || write.completed_ns > Load1())
          continue;
        if (first == nullptr || write.completed_ns < first->completed_ns) first = &write;
      }
      const bool open = first == nullptr;
      const int64_t end = open ? Load1() : first->completed_ns;
      std::set<int64_t> answers;  // of the old leadership
      for (const Operation& write : r_.operations) {
        if (!Committed(write) || write.completed_ns > end || IsOfNewer(change, write)) continue;
        answers.insert(write.completed_ns);
      }
      if (!begin && !answers.empty()) begin = *answers.rbegin();
      const int64_t stop = std::min(begin.value_or(std::max(change.old.begin, Load0())), end);
      const auto [from, until] = LongestGap(std::move(answers), stop, end);
      if ((open && from == until) || (out.rto_ns && until - from <= *out.rto_ns)) continue;
      out.rto_ns = until - from;
      out.parts = open ? std::nullopt : SplitOutage(r_, leads_, *first, from, until);
    }
  }

  // --- losses ---

  bool Lacks(uint64_t epoch, const Operation& write) const {
    const std::vector<uint64_t>& log = logs_.of_epoch.at(epoch);
    return log.size() < write.lsn || log[write.lsn - 1] != write.epoch;
  }

  void Rpo(ReferenceFigures& out) const {
    const std::vector<Change> changes = Changes();
    std::map<uint64_t, std::vector<const Operation*>> losers;
    std::map<uint64_t, const Change*> replaced;
    for (size_t i = 0; i < r_.operations.size(); ++i) {
      if (!lost_[i]) continue;
      const Operation& write = r_.operations[i];
      uint64_t loser = write.epoch;
      const Change* to = nullptr;
      for (const Change& change : changes) {
        if (change.next.epoch <= write.epoch || to != nullptr) continue;
        if (Lacks(change.next.epoch, write)) {
          to = &change;
          loser = std::max(write.epoch == change.old.epoch ? write.epoch : change.old.epoch,
                           static_cast<uint64_t>(write.epoch));
        } else {
          loser = change.next.epoch;
        }
      }
      losers[loser].push_back(&write);
      replaced[loser] = to;
    }
    for (const auto& [epoch, writes] : losers) {
      const Operation* first = writes[0];
      const Operation* last = writes[0];
      for (const Operation* write : writes) {
        if (write->completed_ns < first->completed_ns) first = write;
        if (write->completed_ns > last->completed_ns) last = write;
      }
      const Change* to = replaced[epoch];
      const int64_t until = to == nullptr ? kForever : to->begin;
      std::optional<int64_t> stop;
      const auto take = [&](int64_t time) {
        if (time >= last->invoked_ns && time <= until) stop = std::min(stop.value_or(time), time);
      };
      const size_t node = *OwnerOf(leads_, epoch);
      for (const Span& span : spans_) {
        if (span.node == Id(node) && (span.kind == "down" || span.kind == "paused")) {
          take(span.begin);
        }
      }
      for (const TraceRecord& record : *r_.nodes[node].trace) {
        if (Is(record, TraceKind::kFenced)) take(record.time_ns);
      }
      for (const Change& change : changes) {
        if (change.old.epoch == epoch && change.stopped) take(*change.stopped);
      }
      if (to != nullptr) take(until);
      const int64_t end = std::max(last->completed_ns, stop.value_or(0));
      int64_t length = end - first->completed_ns;
      if (length == 0) length = end - first->invoked_ns;
      if (length > 0) out.rpo_ns = std::max(out.rpo_ns.value_or(0), length);
    }
  }

  // --- catching up ---

  struct Fault {
    bool slowing = false;
    int64_t begin = 0;
    int64_t end = kForever;
    std::optional<uint64_t> inherited;
  };

  bool IsOut(size_t node, int64_t time) const {
    return std::any_of(spans_.begin(), spans_.end(), [&](const Span& span) {
      if (span.begin > time || time >= span.end) return false;
      if (span.node == Id(node) && (span.kind == "down" || span.kind == "paused")) return true;
      if (span.kind != "cut" || (span.node != Id(node) && span.peer != Id(node))) return false;
      const std::string& other = span.node == Id(node) ? span.peer : span.node;
      const Leads* leader = LeaderAt(leads_, time);
      return leader != nullptr && Id(leader->node) == other;
    });
  }

  std::vector<Fault> FaultsOf(size_t node) const {
    std::vector<Fault> faults;
    std::optional<int64_t> since;
    for (const int64_t time : times_) {
      const bool out = IsOut(node, time);
      if (out && !since) since = time;
      if (!out && since) {
        faults.push_back({false, *since, time, std::nullopt});
        since.reset();
      }
    }
    if (since) faults.push_back({false, *since, kForever, std::nullopt});
    for (const Span& span : spans_) {
      if (span.node != Id(node) || (span.kind != "apply" && span.kind != "share")) continue;
      faults.push_back({true, span.begin, span.end, std::nullopt});
    }
    std::stable_sort(faults.begin(), faults.end(),
                     [](const Fault& a, const Fault& b) { return a.begin < b.begin; });
    return faults;
  }

  void CatchUp(size_t node, ReferenceFigures& out) const {
    std::vector<Fault> faults = FaultsOf(node);
    std::vector<Fault*> by_end;
    for (Fault& fault : faults) by_end.push_back(&fault);
    std::stable_sort(by_end.begin(), by_end.end(),
                     [](const Fault* a, const Fault* b) { return a->end < b->end; });
    std::optional<int64_t> longest;
    uint64_t never = 0;
    for (const Fault* fault : by_end) {
      if (fault->end == kForever) continue;
      int64_t calm = Load0();
      for (const Fault& other : faults) {
        if (other.begin < fault->begin) calm = std::max(calm, other.begin);
        if (other.end < fault->begin) calm = std::max(calm, other.end);
      }
      const Histogram before = EntriesWithin(node, calm, fault->begin);
      uint64_t level = static_cast<uint64_t>(before.Quantile(0.5).value_or(0));
      level = std::min(level, fault->inherited.value_or(level));
      Fault* interrupts = nullptr;
      int64_t until = kForever;
      for (Fault& other : faults) {
        if (&other == fault) continue;
        const bool in_force = !other.slowing && other.begin <= fault->end && fault->end < other.end;
        if (!in_force && other.begin <= fault->end) continue;
        if (std::max(other.begin, fault->end) >= until) continue;
        until = std::max(other.begin, fault->end);
        interrupts = &other;
      }
      std::optional<int64_t> done;
      bool led = false;
      for (const int64_t time : times_) {
        if (time < fault->end || time >= until || done || led) continue;
        const std::optional<uint64_t> entries = EntriesAt(node, time);
        led = !entries;
        if (entries && *entries <= level) done = time;
      }
      if (led) continue;
      if (done && *done <= r_.manifest.end_ns()) {
        longest = std::max(longest.value_or(0), *done - fault->end);
      } else if (interrupts != nullptr && until <= r_.manifest.end_ns()) {
        interrupts->inherited = std::min(level, interrupts->inherited.value_or(level));
      } else {
        ++never;
      }
    }
    out.catch_up_ns.push_back(longest);
    out.never_caught_up.push_back(never);
  }

  const Recording& r_;
  const std::vector<bool>& lost_;
  std::set<int64_t> times_;
  std::vector<Leads> leads_;
  std::vector<Span> spans_;
  ReferenceLogs logs_;
  std::optional<int64_t> last_commit_;
};

}  // namespace

ReferenceFigures MeasurePlainly(const Recording& recording, const std::vector<bool>& lost) {
  return Plainly(recording, lost).Figures();
}

}  // namespace replsim
