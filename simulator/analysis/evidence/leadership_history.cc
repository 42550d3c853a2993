#include "simulator/analysis/evidence/leadership_history.h"

#include <algorithm>

#include "simulator/recording/content_epochs.h"

namespace replsim {
namespace {

TraceKind KindOf(const TraceRecord& record) { return static_cast<TraceKind>(record.kind); }

bool BeginsAnew(TraceKind kind) {
  return kind == TraceKind::kStarted || kind == TraceKind::kTruncated || kind == TraceKind::kLeads;
}

// Builds a leadership from an event, for a node that left no trace.
std::optional<Leadership> FromEvent(const Recording& recording, const proto::RunEvent& event) {
  const bool leads = event.kind() == proto::RunEvent::PROMOTED ||
                     event.kind() == proto::RunEvent::ELECTED ||
                     (event.kind() == proto::RunEvent::STARTED && event.detail() == "primary");
  const std::optional<size_t> node = recording.NodeIndex(event.node());
  if (!leads || !node || event.epoch() == 0) return std::nullopt;
  Leadership leadership;
  leadership.epoch = event.epoch();
  leadership.node = *node;
  leadership.begin_ns = event.time_ns();
  leadership.after_lsn = event.lsn();
  return leadership;
}

// Copies into `leadership` the part of `parent` that it inherited, truncated at after_lsn. If an
// advance of the parent spans after_lsn, the part before it was appended at that same instant.
void Inherit(const Leadership& parent, Leadership& leadership) {
  for (const LineagePoint& point : parent.lineage) {
    if (point.lsn < leadership.after_lsn) {
      leadership.lineage.push_back(point);
      continue;
    }
    if (leadership.after_bytes == 0) leadership.after_bytes = point.bytes;
    leadership.lineage.push_back({leadership.after_lsn, leadership.after_bytes, point.time_ns});
    return;
  }
}

}  // namespace

LeadershipHistory::LeadershipHistory(const Recording& recording) {
  FindLeaderships(recording);
  for (Leadership& leadership : leaderships_) {
    FindParent(recording, leadership);
    Trace(recording, leadership);
  }
}

void LeadershipHistory::FindLeaderships(const Recording& recording) {
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    if (!recording.nodes[node].trace) continue;
    for (const TraceRecord& record : *recording.nodes[node].trace) {
      if (KindOf(record) != TraceKind::kLeads) continue;
      Leadership leadership;
      leadership.epoch = record.epoch;
      leadership.node = node;
      leadership.begin_ns = record.time_ns;
      leadership.after_lsn = record.lsn;
      leadership.after_bytes = record.bytes;
      leadership.traced = true;
      leaderships_.push_back(std::move(leadership));
    }
  }
  for (const proto::RunEvent& event : recording.events) {
    const std::optional<Leadership> told = FromEvent(recording, event);
    if (told && !recording.nodes[told->node].trace) leaderships_.push_back(*told);
  }
  std::stable_sort(leaderships_.begin(), leaderships_.end(),
                   [](const Leadership& a, const Leadership& b) { return a.epoch < b.epoch; });
}

// Finds whose log the node held when it began to lead: that of the epoch of its last log record.
void LeadershipHistory::FindParent(const Recording& recording, Leadership& leadership) const {
  std::optional<size_t> parent;
  if (leadership.traced) {
    ContentEpochs contents;
    for (const TraceRecord& record : *recording.nodes[leadership.node].trace) {
      if (KindOf(record) == TraceKind::kLeads && record.epoch == leadership.epoch) break;
      contents.Take(record);
    }
    parent = IndexOf(contents.EpochAt(leadership.after_lsn));
  } else if (&leadership != leaderships_.data()) {
    parent = static_cast<size_t>(&leadership - leaderships_.data()) - 1;
  }
  // An epoch whose own records begin no earlier cannot have a record in this log.
  while (parent && leaderships_[*parent].after_lsn >= leadership.after_lsn) {
    parent = leaderships_[*parent].parent;
  }
  leadership.parent = parent;
}

void LeadershipHistory::Trace(const Recording& recording, Leadership& leadership) const {
  if (!leadership.traced) return;
  const std::vector<TraceRecord>& trace = *recording.nodes[leadership.node].trace;
  if (leadership.parent && leaderships_[*leadership.parent].traced) {
    Inherit(leaderships_[*leadership.parent], leadership);
  } else if (leadership.after_lsn > 0) {
    // No node recorded when these were appended; the time at which this node received them is the
    // nearest known.
    for (const TraceRecord& record : trace) {
      if (record.time_ns > leadership.begin_ns) break;
      if (KindOf(record) != TraceKind::kAppend || record.lsn > leadership.after_lsn) continue;
      if (!leadership.lineage.empty() && leadership.lineage.back().lsn >= record.lsn) continue;
      leadership.lineage.push_back({record.lsn, record.bytes, record.time_ns});
    }
  }
  leadership.own_from = leadership.lineage.size();
  auto record = std::find_if(trace.begin(), trace.end(), [&](const TraceRecord& r) {
    return KindOf(r) == TraceKind::kLeads && r.epoch == leadership.epoch;
  });
  uint64_t last = leadership.after_lsn;
  for (++record; record != trace.end() && !BeginsAnew(KindOf(*record)); ++record) {
    if (KindOf(*record) != TraceKind::kAppend || record->lsn <= last) continue;
    if (record->epoch != leadership.epoch) continue;
    last = record->lsn;
    leadership.lineage.push_back({record->lsn, record->bytes, record->time_ns});
  }
}

std::optional<size_t> LeadershipHistory::LeadingAt(int64_t time_ns) const {
  for (size_t i = leaderships_.size(); i-- > 0;) {
    if (leaderships_[i].begin_ns <= time_ns) return i;
  }
  return std::nullopt;
}

std::optional<size_t> LeadershipHistory::IndexOf(uint64_t epoch) const {
  for (size_t i = 0; i < leaderships_.size(); ++i) {
    if (leaderships_[i].epoch == epoch) return i;
  }
  return std::nullopt;
}

std::optional<int64_t> LeadershipHistory::SupersededAt(uint64_t epoch) const {
  std::optional<int64_t> first;
  for (const Leadership& leadership : leaderships_) {
    if (leadership.epoch <= epoch) continue;
    if (!first || leadership.begin_ns < *first) first = leadership.begin_ns;
  }
  return first;
}

uint64_t LeadershipHistory::CommonLsn(uint64_t epoch, uint64_t lsn, size_t reference) const {
  if (leaderships_[reference].epoch == epoch) return lsn;  // the common case
  // Walks both chains of leaderships backwards, newest first, and truncates the common part at each
  // step. Where the chains meet, both logs hold the same records.
  std::optional<size_t> mine = IndexOf(epoch);
  std::optional<size_t> theirs = reference;
  if (!mine) return lsn;  // no leadership of this epoch is known, so nothing truncates it
  while (mine && theirs && *mine != *theirs) {
    std::optional<size_t>& newer = *mine > *theirs ? mine : theirs;
    lsn = std::min(lsn, leaderships_[*newer].after_lsn);
    newer = leaderships_[*newer].parent;
  }
  return mine && theirs ? lsn : 0;
}

}  // namespace replsim
