#include "tests/virtual/figures_oracle.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "protos/types.pb.h"

namespace replsim {
namespace {

constexpr int64_t kForEver = std::numeric_limits<int64_t>::max();

bool Committed(const Operation& operation) { return operation.outcome == proto::COMMITTED; }

bool IsDeathOf(const proto::RunEvent& event, const std::string& node) {
  const std::set<proto::RunEvent::Kind> deaths{proto::RunEvent::KILLED, proto::RunEvent::EXITED,
                                               proto::RunEvent::POWER_LOST,
                                               proto::RunEvent::FAILED};
  return deaths.count(event.kind()) > 0 && (node.empty() || event.node() == node);
}

}  // namespace

FiguresOracle::FiguresOracle(const Recording& recording, const proto::Scenario& scenario)
    : recording_(recording),
      scenario_(scenario),
      begin_(recording.manifest.load_begin_ns()),
      end_(recording.manifest.load_end_ns()) {
  for (const proto::Group& group : scenario.cluster().groups()) {
    for (const std::string& node : group.nodes()) {
      if (node.rfind("client@", 0) == 0) groups_.push_back(group.name());
    }
  }
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    std::vector<uint64_t> log;  // the epoch of each record
    std::vector<Held>& held = held_.emplace_back();
    for (const TraceRecord& record : *recording.nodes[node].trace) {
      const auto kind = static_cast<TraceKind>(record.kind);
      if (kind == TraceKind::kLeads) {
        leaders_.push_back(
            {record.epoch, node, record.time_ns, record.lsn, log.empty() ? 0 : log.back()});
      }
      const bool grows = kind == TraceKind::kAppend || kind == TraceKind::kStarted;
      if (!grows && kind != TraceKind::kTruncated) continue;
      if (record.lsn < log.size()) log.resize(record.lsn);
      if (grows) log.resize(record.lsn, record.epoch);
      held.push_back({record.time_ns, log.empty() ? 0 : log.back(), log.size()});
    }
  }
}

// --- clients ---

double FiguresOracle::PerSecond(bool writes, int64_t from, int64_t to, bool with_to) const {
  double count = 0;
  for (const Operation& o : recording_.operations) {
    if (!Committed(o) || (o.is_write != 0) != writes || o.completed_ns < from) continue;
    if (o.completed_ns < to || (with_to && o.completed_ns == to)) ++count;
  }
  return count * 1e9 / static_cast<double>(to - from);
}

double FiguresOracle::Offered() const {
  const proto::Workload& workload = scenario_.workload();
  if (workload.arrival().has_rate()) {
    const double writes = workload.mix().write() + workload.mix().transaction();
    return workload.arrival().rate().per_second() * writes / (writes + workload.mix().read());
  }
  double due = 0;
  for (const Operation& o : recording_.operations) {
    if (o.is_write && begin_ <= o.intended_ns && o.intended_ns <= end_) ++due;
  }
  return due * 1e9 / static_cast<double>(end_ - begin_);
}

std::optional<double> FiguresOracle::SlowestSecond() const {
  std::optional<double> slowest;
  for (int64_t from = begin_; from + 1'000'000'000 <= end_; from += 1'000'000'000) {
    const double here = PerSecond(true, from, from + 1'000'000'000, false);
    if (!slowest || here < *slowest) slowest = here;
  }
  return slowest;
}

std::optional<uint64_t> FiguresOracle::ClientsNeeded() const {
  const proto::Workload& workload = scenario_.workload();
  if (!workload.arrival().has_rate()) return std::nullopt;
  const Phase healthy = Healthy();
  double sum = 0;
  double count = 0;
  for (const Operation& o : recording_.operations) {
    const bool inside = o.invoked_ns >= healthy.from && o.completed_ns <= healthy.to &&
                        (healthy.with_to || o.completed_ns < healthy.to);
    if (!Committed(o) || !inside) continue;
    sum += static_cast<double>(o.completed_ns - o.invoked_ns);
    ++count;
  }
  if (count == 0) return std::nullopt;
  const double depth = workload.style() == proto::BLOCKING ? 1 : workload.depth();
  const double in_flight = workload.arrival().rate().per_second() * (sum / count / 1e9);
  return static_cast<uint64_t>(std::ceil(in_flight / depth));
}

std::optional<double> FiguresOracle::UnavailableMs(bool writes, int group) const {
  std::set<int64_t> answers{begin_, end_};
  bool asked = false;
  for (const Operation& o : recording_.operations) {
    if ((o.is_write != 0) != writes) continue;
    if (group >= 0 && o.client % groups_.size() != static_cast<size_t>(group)) continue;
    asked = true;
    if (Committed(o) && o.completed_ns > begin_ && o.completed_ns < end_) {
      answers.insert(o.completed_ns);
    }
  }
  if (!asked) return std::nullopt;
  int64_t longest = 0;
  for (auto at = answers.begin(); std::next(at) != answers.end(); ++at) {
    longest = std::max(longest, *std::next(at) - *at);
  }
  return static_cast<double>(longest) / 1e6;
}

std::optional<int64_t> FiguresOracle::FirstFault() const {
  std::optional<int64_t> first;
  for (const proto::RunEvent& event : recording_.events) {
    const bool is_fault = (event.fault() != 0 && event.kind() != proto::RunEvent::FAULT_ARMED) ||
                          IsDeathOf(event, "");
    if (!is_fault || event.time_ns() < begin_ || event.time_ns() >= end_) continue;
    if (!first || event.time_ns() < *first) first = event.time_ns();
  }
  return first;
}

FiguresOracle::Phase FiguresOracle::Healthy() const {
  const std::optional<int64_t> fault = FirstFault();
  return {begin_, fault.value_or(end_), !fault.has_value()};
}

FiguresOracle::Phase FiguresOracle::Stopped() const {
  const std::optional<int64_t> fault = FirstFault();
  if (!fault) return {};
  std::set<int64_t> ends{end_};
  for (const Operation& o : recording_.operations) {
    if (Committed(o) && o.is_write && o.completed_ns > begin_) {
      ends.insert(std::min(o.completed_ns, end_));
    }
  }
  Phase longest;
  int64_t longest_ns = -1;
  int64_t from = begin_;
  for (const int64_t to : ends) {
    if (to > *fault && to - from > longest_ns) {
      longest_ns = to - from;
      longest = {std::max(from, *fault), to, to == end_};
    }
    from = to;
  }
  return longest;
}

FiguresOracle::Phase FiguresOracle::After() const {
  const Phase stopped = Stopped();
  return stopped.there() ? Phase{stopped.to, end_, true} : Phase{};
}

std::vector<int64_t> FiguresOracle::Latencies(const Phase& phase, bool writes) const {
  std::vector<int64_t> all;
  for (const Operation& o : recording_.operations) {
    if (!Committed(o) || (o.is_write != 0) != writes || o.intended_ns < phase.from) continue;
    if (o.intended_ns > phase.to || (o.intended_ns == phase.to && !phase.with_to)) continue;
    all.push_back(o.completed_ns - o.intended_ns);
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<int64_t> FiguresOracle::WithUnknown(bool unknown_take_for_ever) const {
  std::vector<int64_t> all;
  for (const Operation& o : recording_.operations) {
    if (!o.is_write || o.outcome == proto::REJECTED || o.outcome == proto::LOST) continue;
    int64_t until = o.completed_ns;
    if (!Committed(o)) until = std::max(until, o.invoked_ns + scenario_.workload().deadline().ns());
    const bool for_ever = !Committed(o) && unknown_take_for_ever;
    all.push_back(for_ever ? kForEver : until - o.intended_ns);
  }
  std::sort(all.begin(), all.end());
  return all;
}

// --- reads ---

bool FiguresOracle::IsInFinalLog(const Operation& write) const {
  const std::vector<LogEntry>& log = *recording_.FinalLog();
  return std::any_of(log.begin(), log.end(), [&](const LogEntry& entry) {
    return entry.client == write.client && entry.sequence == write.sequence;
  });
}

FiguresOracle::Reads FiguresOracle::CountReads() const {
  std::vector<const Operation*> writes;
  std::map<const Operation*, bool> lost;
  for (const Operation& o : recording_.operations) {
    if (!o.is_write || !Committed(o)) continue;
    writes.push_back(&o);
    lost[&o] = !IsInFinalLog(o);
  }
  const auto newer = [](const Operation& a, const Operation& b) {
    return a.epoch > b.epoch || (a.epoch == b.epoch && a.lsn > b.lsn);
  };
  Reads reads;
  for (const Operation& read : recording_.operations) {
    if (read.is_write || !Committed(read)) continue;
    bool stale = false;
    bool missing_lost = false;
    bool own_missed = false;
    bool own_excused = false;
    for (const Operation* write : writes) {
      const bool same_key = write->key <= read.key && read.key < write->key + write->key_count();
      if (!same_key || !newer(*write, read)) continue;
      const bool own = write->client == read.client;
      const bool before =
          write->completed_ns < read.invoked_ns ||
          (own && write->completed_ns == read.invoked_ns && write->sequence < read.sequence);
      if (!before) continue;
      bool excused = false;
      for (const Leader& leader : leaders_) {
        excused |= lost[write] && leader.epoch > write->epoch && leader.since <= read.invoked_ns;
      }
      missing_lost |= lost[write];
      own_missed |= own;
      own_excused |= own && excused;
      stale |= own || !excused;
    }
    reads.stale += stale;
    reads.missing_lost += missing_lost;
    reads.own_missed += own_missed;
    reads.own_excused += own_excused;
  }
  return reads;
}

// --- the primary ---

const FiguresOracle::Leader* FiguresOracle::LeaderOf(uint64_t epoch) const {
  for (const Leader& leader : leaders_) {
    if (leader.epoch == epoch) return &leader;
  }
  return nullptr;
}

const FiguresOracle::Leader* FiguresOracle::LeadingAt(int64_t time) const {
  const Leader* newest = nullptr;
  for (const Leader& leader : leaders_) {
    if (leader.since <= time && (!newest || leader.epoch > newest->epoch)) newest = &leader;
  }
  return newest;
}

bool FiguresOracle::IsDead(const Leader& leader, int64_t time) const {
  const std::string& id = recording_.nodes[leader.node].id;
  return std::any_of(
      recording_.events.begin(), recording_.events.end(), [&](const proto::RunEvent& event) {
        return IsDeathOf(event, id) && event.time_ns() >= leader.since && event.time_ns() <= time;
      });
}

// In virtual time a death is known in the instant in which it happens.
bool FiguresOracle::IsDown(size_t node, int64_t time) const {
  int64_t died = -1;
  for (const proto::RunEvent& event : recording_.events) {
    if (IsDeathOf(event, recording_.nodes[node].id) && event.time_ns() <= time) {
      died = event.time_ns();
    }
  }
  if (died < 0) return false;
  const std::vector<TraceRecord>& trace = *recording_.nodes[node].trace;
  return std::none_of(trace.begin(), trace.end(), [&](const TraceRecord& record) {
    return record.kind == static_cast<uint8_t>(TraceKind::kStarted) && record.time_ns > died &&
           record.time_ns <= time;
  });
}

bool FiguresOracle::IsBehind(const Leader& leader, int64_t time) const {
  bool behind = false;
  for (const TraceRecord& record : *recording_.nodes[leader.node].trace) {
    if (record.time_ns > time || record.epoch != leader.epoch) continue;
    if (record.kind == static_cast<uint8_t>(TraceKind::kDegraded)) behind = true;
    if (record.kind == static_cast<uint8_t>(TraceKind::kProtected)) behind = false;
  }
  return behind;
}

uint64_t FiguresOracle::AckedBy(const Leader& leader, int64_t time) const {
  uint64_t acked = leader.after;
  for (const TraceRecord& record : *recording_.nodes[leader.node].trace) {
    if (record.time_ns > time || record.epoch != leader.epoch) continue;
    if (record.kind == static_cast<uint8_t>(TraceKind::kCommit)) {
      acked = std::max(acked, record.lsn);
    }
  }
  return acked;
}

uint64_t FiguresOracle::EndOf(const Leader& leader, int64_t time) const {
  uint64_t end = leader.after;
  for (const TraceRecord& record : *recording_.nodes[leader.node].trace) {
    const bool own = record.epoch == leader.epoch && record.time_ns >= leader.since;
    if (!own || record.time_ns > time) continue;
    if (record.kind == static_cast<uint8_t>(TraceKind::kAppend)) end = std::max(end, record.lsn);
  }
  return end;
}

const FiguresOracle::Held* FiguresOracle::HeldAt(size_t node, int64_t time) const {
  const Held* last = nullptr;
  for (const Held& held : held_[node]) {
    if (held.time <= time) last = &held;
  }
  return last;
}

uint64_t FiguresOracle::EpochIn(uint64_t leader_epoch, uint64_t lsn) const {
  const Leader* leader = LeaderOf(leader_epoch);
  if (leader == nullptr) return 0;
  if (lsn > leader->after) return leader_epoch;
  return EpochIn(leader->took_over, lsn);
}

uint64_t FiguresOracle::Common(const Held& held, const Leader& leader) const {
  uint64_t lsn = held.lsn;
  while (lsn > 0 && EpochIn(held.epoch, lsn) != EpochIn(leader.epoch, lsn)) --lsn;
  return lsn;
}

int64_t FiguresOracle::AppendedAt(const Leader& leader, uint64_t lsn) const {
  const Leader* author = LeaderOf(EpochIn(leader.epoch, lsn));
  for (const TraceRecord& record : *recording_.nodes[author->node].trace) {
    const bool own = record.epoch == author->epoch && record.time_ns >= author->since;
    if (own && record.kind == static_cast<uint8_t>(TraceKind::kAppend) && record.lsn >= lsn) {
      return record.time_ns;
    }
  }
  return 0;
}

// Whatever happens inside the load, and its ends.
std::vector<int64_t> FiguresOracle::Instants() const {
  std::set<int64_t> instants{begin_, end_};
  const auto add = [&](int64_t time) {
    if (time > begin_ && time < end_) instants.insert(time);
  };
  for (const proto::RunEvent& event : recording_.events) add(event.time_ns());
  for (const NodeRecording& node : recording_.nodes) {
    for (const TraceRecord& record : *node.trace) add(record.time_ns);
  }
  return {instants.begin(), instants.end()};
}

FiguresOracle::Primary FiguresOracle::WalkPrimary() const {
  Primary sums;
  const std::vector<int64_t> instants = Instants();
  for (size_t i = 0; i + 1 < instants.size(); ++i) {
    const int64_t time = instants[i];
    const int64_t length = instants[i + 1] - time;
    const Leader* leader = LeadingAt(time);
    if (leader == nullptr || IsDead(*leader, time)) {
      sums.none += length;
      continue;
    }
    sums.led += length;
    if (IsBehind(*leader, time)) sums.behind += length;
    uint64_t best = 0;
    for (size_t node = 0; node < recording_.nodes.size(); ++node) {
      const Held* held = HeldAt(node, time);
      if (node != leader->node && held != nullptr) best = std::max(best, Common(*held, *leader));
    }
    const uint64_t acked = AckedBy(*leader, time);
    sums.loss_time += static_cast<double>(length);
    if (acked > best) {
      sums.loss_writes += static_cast<double>(length) * static_cast<double>(acked - best);
    }
  }
  return sums;
}

std::optional<FiguresOracle::MeanLag> FiguresOracle::ReceiveLag(size_t node) const {
  MeanLag sums;
  double known = 0;
  const std::vector<int64_t> instants = Instants();
  for (size_t i = 0; i + 1 < instants.size(); ++i) {
    const int64_t time = instants[i];
    const auto length = static_cast<double>(instants[i + 1] - time);
    const Leader* leader = LeadingAt(time);
    const Held* held = HeldAt(node, time);
    if (leader == nullptr || held == nullptr || leader->node == node) continue;
    if (IsDown(node, time)) continue;
    known += length;
    const uint64_t common = Common(*held, *leader);
    const uint64_t end = EndOf(*leader, time);
    if (common >= end) continue;
    sums.entries += length * static_cast<double>(end - common);
    const auto age = static_cast<double>(time - AppendedAt(*leader, common + 1));
    sums.ns += length * (age + length / 2);
  }
  if (known == 0) return std::nullopt;
  return MeanLag{sums.entries / known, sums.ns / known};
}

}  // namespace replsim
