#include "simulator/cluster/foreign/full_logs.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protos/types.pb.h"

namespace replsim {
namespace {

constexpr int64_t kUnknown = std::numeric_limits<int64_t>::max();

std::optional<size_t> IndexOf(const NativeRecording& native, const NodeId& node) {
  for (size_t i = 0; i < native.nodes.size(); ++i) {
    if (native.nodes[i].node == node) return i;
  }
  return std::nullopt;
}

}  // namespace

FullLog::FullLog(std::vector<NativeEntry> entries, size_t copied)
    : entries_(std::move(entries)), copied_(copied) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < entries_.size(); ++i) {
    bytes += entries_[i].log_bytes;
    bytes_.push_back(bytes);
    const WrittenValue& write = entries_[i].write;
    if (!write.empty()) by_write_.emplace_back(write.client, write.sequence, i + 1);
  }
  std::sort(by_write_.begin(), by_write_.end());
}

uint64_t FullLog::EndBefore(uint64_t epoch) const {
  const auto first = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const NativeEntry& entry) { return entry.epoch >= epoch; });
  return static_cast<uint64_t>(first - entries_.begin());
}

uint64_t FullLog::CommonWith(const FullLog& other) const {
  const uint64_t shorter = std::min(size(), other.size());
  uint64_t common = 0;
  while (common < shorter && entries_[common].SameAs(other.entries_[common])) ++common;
  return common;
}

std::vector<uint64_t> FullLog::LsnsOf(const WrittenValue& write) const {
  std::vector<uint64_t> lsns;
  auto it = std::lower_bound(by_write_.begin(), by_write_.end(),
                             std::tuple(write.client, write.sequence, uint64_t{0}));
  for (; it != by_write_.end() && std::get<0>(*it) == write.client &&
         std::get<1>(*it) == write.sequence;
       ++it) {
    lsns.push_back(std::get<2>(*it));
  }
  return lsns;
}

std::optional<uint64_t> FullLog::Reached(const StageStep& step, uint64_t after) const {
  if (step.native > 0) {
    const auto end = std::upper_bound(
        entries_.begin(), entries_.end(), step.native,
        [](uint64_t native, const NativeEntry& entry) { return native < entry.native; });
    const auto lsn = static_cast<uint64_t>(end - entries_.begin());
    return lsn > after ? std::optional(lsn) : std::nullopt;
  }
  if (step.write.empty()) {
    return copied_ > after ? std::optional(copied_) : std::nullopt;
  }
  for (const uint64_t lsn : LsnsOf(step.write)) {
    if (lsn > after) return lsn;
  }
  return std::nullopt;
}

std::optional<size_t> LifeAt(const NodeHistory& history, Instant when) {
  std::optional<size_t> life;
  for (size_t i = 0; i < history.lives.size(); ++i) {
    if (history.lives[i].begun <= when) life = i;
  }
  if (life && when >= history.lives[*life].ended) return std::nullopt;
  return life;
}

FullLogs::FullLogs(const NativeRecording& native, const std::vector<Operation>& operations,
                   std::vector<std::string>* notes) {
  Complete(native, notes);
  FindLeads(native);
  FindTimes(native, operations);
}

// A log that begins with a copy gets the copied part from the log of the node that it followed,
// which may begin with a copy itself.
void FullLogs::Complete(const NativeRecording& native, std::vector<std::string>* notes) {
  std::vector<std::vector<std::optional<FullLog>>> found(native.nodes.size());
  std::vector<std::pair<size_t, size_t>> open;
  for (size_t node = 0; node < native.nodes.size(); ++node) {
    const std::vector<NodeLife>& lives = native.nodes[node].lives;
    found[node].resize(lives.size());
    for (size_t life = 0; life < lives.size(); ++life) {
      const NativeLog& log = lives[life].log;
      if (!log.cut.empty()) notes->push_back(log.cut);
      if (log.begins_with_copy) {
        open.emplace_back(node, life);
      } else {
        found[node][life] = FullLog(log.entries, 0);
      }
    }
  }
  // The last life of a primary first: what a node copied last.
  const auto complete = [&](const std::pair<size_t, size_t>& which) {
    const NodeLife& life = native.nodes[which.first].lives[which.second];
    std::vector<size_t> sources;
    for (auto promotion = native.promotions.rbegin(); promotion != native.promotions.rend();
         ++promotion) {
      if (const auto index = IndexOf(native, promotion->node)) sources.push_back(*index);
    }
    if (const auto index = IndexOf(native, life.primary)) sources.push_back(*index);
    for (size_t i = 0; i < native.nodes.size(); ++i) sources.push_back(i);
    for (const size_t source : sources) {
      if (source == which.first) continue;
      const std::vector<std::optional<FullLog>>& logs = found[source];
      for (size_t i = logs.size(); i-- > 0;) {
        if (!logs[i]) continue;
        found[which.first][which.second] = CompletedBy(life.log, *logs[i]);
        if (found[which.first][which.second]) return true;
      }
    }
    return false;
  };
  for (bool progress = true; progress && !open.empty();) {
    progress = std::erase_if(open, complete) > 0;
  }
  for (const auto& [node, life] : open) {
    notes->push_back(absl::StrCat("the log of ", native.nodes[node].node.name(),
                                  " begins with a copy that no other log explains"));
    found[node][life] = FullLog(native.nodes[node].lives[life].log.entries, 0);
  }
  for (std::vector<std::optional<FullLog>>& of_node : found) {
    std::vector<FullLog>& logs = logs_.emplace_back();
    for (std::optional<FullLog>& log : of_node) logs.push_back(*std::move(log));
  }
}

// Nothing if `from` does not hold the entry that follows the copy.
std::optional<FullLog> FullLogs::CompletedBy(const NativeLog& tail, const FullLog& from) const {
  std::vector<NativeEntry> entries = from.entries();
  if (!tail.entries.empty()) {
    const auto first =
        std::find_if(entries.rbegin(), entries.rend(),
                     [&](const NativeEntry& entry) { return entry.SameAs(tail.entries.front()); });
    if (first == entries.rend()) return std::nullopt;
    entries.erase(first.base() - 1, entries.end());
  }
  const size_t copied = entries.size();
  entries.insert(entries.end(), tail.entries.begin(), tail.entries.end());
  return FullLog(std::move(entries), copied);
}

void FullLogs::FindLeads(const NativeRecording& native) {
  for (size_t node = 0; node < native.nodes.size(); ++node) {
    const std::vector<NodeLife>& lives = native.nodes[node].lives;
    for (size_t life = 0; life < lives.size(); ++life) {
      if (!lives[life].as_primary) continue;
      const uint64_t epoch = lives[life].epoch.value();
      leads_.push_back({node, life, epoch, lives[life].begun, of(node, life).EndBefore(epoch)});
    }
  }
  for (const Promotion& promotion : native.promotions) {
    const auto node = IndexOf(native, promotion.node);
    const auto life = node ? LifeAt(native.nodes[*node], promotion.when) : std::nullopt;
    if (!life) continue;
    const uint64_t epoch = promotion.epoch.value();
    leads_.push_back({*node, *life, epoch, promotion.when, of(*node, *life).EndBefore(epoch)});
  }
  std::sort(leads_.begin(), leads_.end(),
            [](const NativeLead& a, const NativeLead& b) { return a.epoch < b.epoch; });
}

// The system's own time, else when the entry left its primary, else a bound: it was appended before
// its client had the answer, and before the next entry.
void FullLogs::FindTimes(const NativeRecording& native, const std::vector<Operation>& operations) {
  std::unordered_map<uint64_t, int64_t> answered;
  const auto name = [](uint32_t client, uint64_t sequence) {
    return uint64_t{client} << 40 | sequence;
  };
  for (const Operation& operation : operations) {
    if (operation.is_write && operation.outcome == proto::COMMITTED) {
      answered[name(operation.client, operation.sequence)] = operation.completed_ns;
    }
  }
  for (const NativeLead& lead : leads_) {
    const FullLog& log = of(lead.node, lead.life);
    std::vector<int64_t> times(log.size(), kUnknown);
    std::map<NodeId, uint64_t> sent;  // by peer
    for (const StageStep& step : native.steps) {
      if (step.stage != TraceKind::kSend || step.node != native.nodes[lead.node].node) continue;
      if (LifeAt(native.nodes[lead.node], step.when) != lead.life) continue;
      uint64_t& before = sent[step.peer];
      const auto lsn = log.Reached(step, before);
      if (!lsn) continue;
      for (uint64_t i = before; i < *lsn; ++i) times[i] = std::min(times[i], ToNanos(step.when));
      before = *lsn;
    }
    const int64_t begun = ToNanos(lead.begun);
    int64_t next = kUnknown;
    for (size_t i = log.size(); i-- > 0;) {
      const NativeEntry& entry = log.entries()[i];
      if (entry.time_ns > 0) times[i] = entry.time_ns;
      const auto answer = answered.find(name(entry.write.client, entry.write.sequence));
      if (answer != answered.end()) times[i] = std::min(times[i], answer->second);
      times[i] = std::min(times[i], next);
      next = times[i];
    }
    int64_t latest = begun;
    for (int64_t& time : times) {
      if (time == kUnknown) time = latest;
      time = std::max(time, latest);
      latest = time;
    }
    appended_[lead.epoch] = std::move(times);
  }
}

int64_t FullLogs::AppendedAt(const FullLog& log, uint64_t lsn) const {
  const auto times = appended_.find(log.epoch_at(lsn));
  const bool known = times != appended_.end() && lsn <= times->second.size();
  return known ? times->second[lsn - 1] : 0;
}

std::optional<Position> FullLogs::PositionOf(const WrittenValue& write,
                                             std::optional<size_t> node) const {
  const auto in = [&](const FullLog& log) -> std::optional<Position> {
    const std::vector<uint64_t> lsns = log.LsnsOf(write);
    if (lsns.empty()) return std::nullopt;
    return Position{Epoch(log.epoch_at(lsns.back())), Lsn(lsns.back())};
  };
  std::vector<const FullLog*> logs;
  if (node && *node < logs_.size()) {
    for (const FullLog& log : logs_[*node]) logs.push_back(&log);
  }
  for (const NativeLead& lead : leads_) logs.push_back(&of(lead.node, lead.life));
  for (auto log = logs.rbegin(); log != logs.rend(); ++log) {
    if (const auto position = in(**log)) return position;
  }
  return std::nullopt;
}

}  // namespace replsim
