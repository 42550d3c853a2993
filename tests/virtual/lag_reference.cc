#include "tests/virtual/lag_reference.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "tests/virtual/outage_reference_faults.h"

namespace replsim {
namespace {

constexpr size_t kStages = 4;

struct Holding {
  std::vector<uint64_t> log;  // the epoch of each entry
  std::array<uint64_t, kStages> reached{};
  bool started = false;
  // Since it last started. What a node recovers is no record of a leader, unless it leads again.
  bool led = false;
};

class Follower {
 public:
  explicit Follower(const Recording& recording)
      : leads_(FindLeads(recording)), nodes_(recording.nodes.size()) {}

  void Take(size_t node, const TraceRecord& record) {
    Holding& holding = nodes_[node];
    const bool start = Is(record, TraceKind::kStarted);
    if (start || Is(record, TraceKind::kTruncated)) {
      Hold(holding.log, record);
      for (size_t stage = 0; stage < kStages; ++stage) {
        uint64_t& reached = holding.reached[stage];
        const bool rereads = start && (stage < 3 || !holding.started);
        reached = rereads ? record.lsn : std::min<uint64_t>(reached, record.lsn);
      }
      holding.started = holding.started || start;
      holding.led = holding.led && !start;
    }
    if (Is(record, TraceKind::kLeads)) {
      holding.led = true;
      logs_[record.epoch] = holding.log;
    }
    if (record.kind < 1 || record.kind > kStages) return;
    holding.reached[record.kind - 1u] = record.lsn;
    if (!Is(record, TraceKind::kAppend)) return;
    if (holding.led && Owns(node, record.epoch)) {
      std::vector<uint64_t>& led = logs_[record.epoch];
      while (led.size() < record.lsn) {
        led.push_back(record.epoch);
        appended_[{record.epoch, led.size()}] = record.time_ns;
      }
    }
    Hold(holding.log, record);
  }

  LagPiece At(size_t node, size_t stage, const Leads& leader, int64_t time) const {
    const std::vector<uint64_t>& theirs = logs_.at(leader.epoch);
    const Holding& own = nodes_[node];
    size_t common = 0;
    while (common < own.reached[stage] && common < own.log.size() && common < theirs.size() &&
           own.log[common] == theirs[common]) {
      ++common;
    }
    LagPiece piece;
    piece.entries = static_cast<int64_t>(theirs.size() - common);
    if (piece.entries > 0) piece.age_ns = time - appended_.at({theirs[common], common + 1});
    return piece;
  }

 private:
  bool Owns(size_t node, uint64_t epoch) const {
    return std::any_of(leads_.begin(), leads_.end(), [&](const Leads& leads) {
      return leads.epoch == epoch && leads.node == node;
    });
  }
  // A node that holds epoch:lsn holds the log of that epoch's leader up to there.
  void Hold(std::vector<uint64_t>& log, const TraceRecord& record) const {
    const size_t before = std::min<size_t>(log.size(), record.lsn);
    log.resize(before);
    log.resize(record.lsn, record.epoch);
    const auto led = logs_.find(record.epoch);
    if (led == logs_.end()) return;
    for (size_t i = before; i < std::min(log.size(), led->second.size()); ++i) {
      log[i] = led->second[i];
    }
  }

  const std::vector<Leads> leads_;
  std::vector<Holding> nodes_;
  std::map<uint64_t, std::vector<uint64_t>> logs_;  // of each epoch's leader
  std::map<std::pair<uint64_t, uint64_t>, int64_t> appended_;
};

}  // namespace

std::vector<std::vector<std::vector<LagPiece>>> FollowLag(const Recording& recording) {
  const size_t count = recording.nodes.size();
  std::vector<std::vector<std::vector<LagPiece>>> out(count,
                                                      std::vector<std::vector<LagPiece>>(kStages));
  const std::vector<Leads> leads = FindLeads(recording);
  const std::vector<Span> spans = FindSpans(recording);
  const int64_t load_begin = recording.manifest.load_begin_ns();
  const int64_t load_end = recording.manifest.load_end_ns();
  std::set<int64_t> times{load_begin, load_end};
  for (const NodeRecording& node : recording.nodes) {
    for (const TraceRecord& record : *node.trace) times.insert(record.time_ns);
  }
  for (const Span& span : spans) times.insert({span.begin, span.end});
  Follower follower(recording);
  std::vector<size_t> next(count);
  for (auto at = times.begin(); *at < load_end; ++at) {
    for (size_t node = 0; node < count; ++node) {
      const std::vector<TraceRecord>& trace = *recording.nodes[node].trace;
      while (next[node] < trace.size() && trace[next[node]].time_ns <= *at) {
        follower.Take(node, trace[next[node]++]);
      }
    }
    const Leads* leader = LeaderAt(leads, *at);
    if (*at < load_begin || leader == nullptr) continue;
    for (size_t node = 0; node < count; ++node) {
      const bool down = std::any_of(spans.begin(), spans.end(), [&](const Span& span) {
        return span.kind == "down" && span.node == recording.nodes[node].id && span.begin <= *at &&
               *at < span.end;
      });
      if (down || leader->node == node || next[node] == 0) continue;
      for (size_t stage = 0; stage < kStages; ++stage) {
        LagPiece piece = follower.At(node, stage, *leader, *at);
        piece.length_ns = *std::next(at) - *at;
        out[node][stage].push_back(piece);
      }
    }
  }
  return out;
}

double EntriesAtMost(const std::vector<LagPiece>& pieces, double value) {
  double sum = 0;
  for (const LagPiece& piece : pieces) {
    if (static_cast<double>(piece.entries) <= value) sum += static_cast<double>(piece.length_ns);
  }
  return sum;
}

double AgeAtMost(const std::vector<LagPiece>& pieces, double value_ns) {
  double sum = 0;
  for (const LagPiece& piece : pieces) {
    const auto length = static_cast<double>(piece.length_ns);
    const double part = piece.entries == 0 ? (value_ns < 0 ? 0 : length)
                                           : value_ns - static_cast<double>(piece.age_ns);
    sum += std::clamp(part, 0.0, length);
  }
  return sum;
}

double WholeLength(const std::vector<LagPiece>& pieces) {
  double sum = 0;
  for (const LagPiece& piece : pieces) sum += static_cast<double>(piece.length_ns);
  return sum;
}

}  // namespace replsim
