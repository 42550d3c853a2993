#include "simulator/analysis/evidence/election_records.h"

#include <algorithm>

namespace replsim {

ElectionRecords::ElectionRecords(const Recording& recording) {
  for (size_t node = 0; node < recording.voter_count(); ++node) {
    if (!recording.voter(node).trace) continue;
    for (const TraceRecord& record : *recording.voter(node).trace) {
      const auto kind = static_cast<TraceKind>(record.kind);
      const bool of_election = kind >= TraceKind::kSuspects && kind <= TraceKind::kStepsDown;
      const bool tells = kind == TraceKind::kPicks || kind == TraceKind::kHandsOver;
      if (!of_election && !tells) continue;
      all_.push_back({kind, node, record.peer, record.epoch, record.time_ns});
    }
  }
  std::stable_sort(all_.begin(), all_.end(), [](const ElectionRecord& a, const ElectionRecord& b) {
    return a.time_ns < b.time_ns;
  });
}

std::optional<int64_t> ElectionRecords::FirstOf(TraceKind kind, size_t node, uint64_t epoch) const {
  for (const ElectionRecord& record : all_) {
    if (record.kind == kind && record.node == node && record.epoch == epoch) return record.time_ns;
  }
  return std::nullopt;
}

size_t ElectionRecords::CandidateFor(size_t node, uint64_t epoch) const {
  for (const ElectionRecord& record : all_) {
    const bool picked = record.kind == TraceKind::kPicks && record.peer == node;
    if (picked && record.epoch == epoch) return record.node;
  }
  return node;
}

std::optional<int64_t> ElectionRecords::StoodAt(size_t node, uint64_t epoch) const {
  return FirstOf(TraceKind::kStands, CandidateFor(node, epoch), epoch);
}

std::vector<size_t> ElectionRecords::ElectorsOf(size_t node, uint64_t epoch) const {
  const size_t candidate = CandidateFor(node, epoch);
  const std::optional<int64_t> elected = FirstOf(TraceKind::kElected, candidate, epoch);
  std::vector<size_t> electors{candidate};
  for (const ElectionRecord& record : all_) {
    if (elected && record.time_ns > *elected) break;
    const bool for_it = record.kind == TraceKind::kVotes && record.peer == candidate;
    if (for_it && record.epoch == epoch) electors.push_back(record.node);
  }
  std::sort(electors.begin(), electors.end());
  electors.erase(std::unique(electors.begin(), electors.end()), electors.end());
  return electors;
}

}  // namespace replsim
