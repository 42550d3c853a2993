#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "simulator/oracle/oracle.h"

namespace replsim {
namespace {

size_t VotesNeeded(const proto::SyncSetSpec& granted_by, size_t nodes) {
  if (granted_by.kind() == proto::SyncSetSpec::MAJORITY) return nodes / 2 + 1;
  return granted_by.kind() == proto::SyncSetSpec::ALL ? nodes : granted_by.count();
}

struct Candidacy {
  uint32_t epoch = 0;
  size_t candidate = 0;
  auto operator<=>(const Candidacy&) const = default;
};

// The voters that voted for each candidacy, the candidate included, with the time of each vote. The
// nodes before `first_voter` have no vote.
class VoteCount {
 public:
  VoteCount(const Recording& recording, size_t first_voter) {
    for (size_t node = first_voter; node < recording.voter_count(); ++node) {
      for (const TraceRecord& record : *recording.voter(node).trace) {
        const auto kind = static_cast<TraceKind>(record.kind);
        if (kind == TraceKind::kStands) Add({record.epoch, node}, node, record.time_ns);
        if (kind == TraceKind::kVotes) Add({record.epoch, record.peer}, node, record.time_ns);
      }
    }
  }

  // The number of nodes that had voted for the candidacy at `time_ns`.
  size_t At(const Candidacy& candidacy, int64_t time_ns) const {
    const auto votes = votes_.find(candidacy);
    if (votes == votes_.end()) return 0;
    return static_cast<size_t>(
        std::count_if(votes->second.begin(), votes->second.end(),
                      [time_ns](const auto& vote) { return vote.second <= time_ns; }));
  }

 private:
  void Add(const Candidacy& candidacy, size_t voter, int64_t time_ns) {
    votes_[candidacy].try_emplace(voter, time_ns);
  }

  std::map<Candidacy, std::map<size_t, int64_t>> votes_;  // voter to time
};

bool IsComplete(const Recording& recording) {
  const auto has_trace = [](const NodeRecording& node) { return node.trace.has_value(); };
  return std::all_of(recording.nodes.begin(), recording.nodes.end(), has_trace) &&
         std::all_of(recording.witnesses.begin(), recording.witnesses.end(), has_trace);
}

}  // namespace

std::vector<std::string> FindUnelectedLeaders(const proto::Scenario& resolved,
                                              const Recording& recording) {
  std::vector<std::string> sentences;
  if (!resolved.failover().has_suspect_after() || !IsComplete(recording)) return sentences;
  const bool all_vote = resolved.failover().voters() != proto::WITNESSES;
  const size_t first_voter = all_vote ? 0 : recording.nodes.size();
  const size_t needed =
      VotesNeeded(resolved.failover().granted_by(), recording.voter_count() - first_voter);
  const VoteCount votes(recording, first_voter);
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    std::set<uint32_t> elected{1};  // the first primary leads epoch 1 without an election
    for (const TraceRecord& record : *recording.nodes[node].trace) {
      const auto kind = static_cast<TraceKind>(record.kind);
      if (kind == TraceKind::kLeads && !elected.contains(record.epoch)) {
        sentences.push_back(absl::StrFormat("%s leads epoch %d without an election",
                                            recording.NodeName(node), record.epoch));
      }
      if (kind != TraceKind::kElected) continue;
      elected.insert(record.epoch);
      // A witness that they elected may have picked the node.
      const bool picked = record.peer >= recording.nodes.size();
      const size_t candidate = picked ? record.peer : node;
      const size_t got = votes.At({record.epoch, candidate}, record.time_ns);
      if (got >= needed) continue;
      sentences.push_back(absl::StrFormat("%s was elected in epoch %d by %d nodes, not by %d",
                                          recording.NodeName(node), record.epoch, got, needed));
    }
  }
  return sentences;
}

}  // namespace replsim
