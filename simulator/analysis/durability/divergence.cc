#include "simulator/analysis/durability/divergence.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/ids.h"
#include "simulator/recording/request_name.h"

namespace replsim {
namespace {

std::string At(uint64_t epoch, uint64_t lsn) { return ToString({Epoch(epoch), Lsn(lsn)}); }

const proto::Manifest::NodeEnd* EndOf(const Recording& recording, const std::string& node) {
  for (const auto& end : recording.manifest.ends()) {
    if (end.node() == node) return &end;
  }
  return nullptr;
}

// The entry at `lsn`; null if the log ends before it.
const LogEntry* EntryAt(const std::vector<LogEntry>& log, uint64_t lsn) {
  const auto entry = std::lower_bound(
      log.begin(), log.end(), lsn,
      [](const LogEntry& candidate, uint64_t wanted) { return candidate.lsn < wanted; });
  return entry == log.end() || entry->lsn != lsn ? nullptr : &*entry;
}

// The position up to which a node has applied. A node whose own log is missing is assumed to have
// the final log.
std::optional<Position> AppliedBy(const Recording& recording, const FinalLog& final_log,
                                  const proto::Manifest::NodeEnd& end) {
  if (end.apply() == 0) return Position{};
  if (end.apply() == end.last()) return Position{Epoch(end.epoch()), Lsn(end.apply())};
  const std::optional<size_t> index = recording.NodeIndex(end.node());
  const bool has_log = index && recording.nodes[*index].log;
  const LogEntry* entry =
      EntryAt(has_log ? *recording.nodes[*index].log : final_log.entries(), end.apply());
  if (entry == nullptr) return std::nullopt;
  return Position{Epoch(entry->epoch), Lsn(entry->lsn)};
}

// Digests of live nodes are comparable only at the same applied position: an LSN alone names
// different writes in different epochs.
void CompareDigests(const Recording& recording, const FinalLog& final_log,
                    DivergenceFindings& out) {
  const proto::Manifest::NodeEnd* first = nullptr;
  std::map<Position, const proto::Manifest::NodeEnd*> at;
  bool equal = true;
  uint64_t truncated = 0;
  for (const auto& end : recording.manifest.ends()) {
    truncated += end.truncated_entries();
    if (!end.alive()) continue;
    proto::RunReport::Digest& digest = *out.divergence.add_digests();
    digest.set_node(end.node());
    digest.set_data(absl::StrFormat("%016x", end.digest()));
    if (first == nullptr) first = &end;
    if (end.digest() != first->digest()) equal = false;
    const std::optional<Position> applied = AppliedBy(recording, final_log, end);
    if (!applied) continue;
    const proto::Manifest::NodeEnd& other = *at.try_emplace(*applied, &end).first->second;
    if (end.digest() == other.digest()) continue;
    out.breaches.push_back(
        absl::StrFormat("%s and %s have both applied up to %s, but their data differs",
                        other.node(), end.node(), ToString(*applied)));
  }
  if (recording.manifest.ends().empty()) return;
  out.divergence.set_truncated_entries(truncated);
  if (first != nullptr) out.divergence.set_digests_equal(equal);
}

// Describes the first difference of two key-ordered states, for people; empty if they are equal.
std::string FirstDifference(const std::vector<FinalEntry>& a, const std::string& a_name,
                            const std::vector<FinalEntry>& b, const std::string& b_name) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() && y == b.end()) return "";
  const uint32_t key = x == a.end() ? y->key : y == b.end() ? x->key : std::min(x->key, y->key);
  const auto held = [key](auto entry, auto end) {
    return entry != end && entry->key == key ? At(entry->epoch, entry->lsn)
                                             : std::string("nothing");
  };
  return absl::StrCat(KeyName(key), " holds ", held(x, a.end()), " ", a_name, " and ",
                      held(y, b.end()), " ", b_name);
}

// The LSN up to which a node's final read can be compared with the final log. Absent if the node
// may still have been applying during the read, or if it applied an entry that the final log lacks.
std::optional<uint64_t> ComparableUpTo(const Recording& recording, const FinalLog& final_log,
                                       bool restless, const proto::Manifest::NodeEnd& end) {
  if (!final_log.known() || (restless && end.apply() != end.last())) return std::nullopt;
  const std::optional<Position> applied = AppliedBy(recording, final_log, end);
  if (!applied) return std::nullopt;
  if (applied->lsn == Lsn(0)) return 0;
  if (final_log.At(applied->epoch.value(), applied->lsn.value()) == nullptr) return std::nullopt;
  return applied->lsn.value();
}

// Every node must hold the state of the final log up to the position that it has applied.
void CompareFinalStates(const Recording& recording, const FinalLog& final_log,
                        DivergenceFindings& out) {
  const bool restless = out.divergence.has_converged() && !out.divergence.converged();
  const NodeRecording* first = nullptr;
  bool equal = true;
  std::map<uint64_t, std::vector<FinalEntry>> expected;  // by applied LSN
  for (const NodeRecording& node : recording.nodes) {
    const proto::Manifest::NodeEnd* end = EndOf(recording, node.id);
    if (end == nullptr || !end->alive()) continue;
    if (!node.final_state) return;  // one unknown state makes the result unknown
    if (first == nullptr) first = &node;
    if (*node.final_state != *first->final_state) equal = false;
    const std::optional<uint64_t> up_to = ComparableUpTo(recording, final_log, restless, *end);
    if (!up_to) continue;
    const auto [known, is_new] = expected.try_emplace(*up_to);
    if (is_new) known->second = ReplayLog(final_log, *up_to).state;
    const std::string difference = FirstDifference(*node.final_state, absl::StrCat("on ", node.id),
                                                   known->second, "in the final log");
    if (difference.empty()) continue;
    out.breaches.push_back(absl::StrCat("final read of ", node.id, " differs from the log of ",
                                        recording.manifest.final_primary(), " up to LSN ", *up_to,
                                        ": ", difference));
  }
  if (first != nullptr) out.divergence.set_final_states_equal(equal);
}

// One position must name the same write on every node.
void ComparePositions(const Recording& recording, const FinalLog& final_log,
                      DivergenceFindings& out) {
  for (const NodeRecording& node : recording.nodes) {
    if (!node.log) continue;
    for (const LogEntry& entry : *node.log) {
      const LogEntry* same = final_log.At(entry.epoch, entry.lsn);
      if (same == nullptr || (same->client == entry.client && same->sequence == entry.sequence))
        continue;
      out.breaches.push_back(
          absl::StrFormat("%s holds a different write at %s (client %d, request %d) than the final "
                          "log (client %d, request %d)",
                          node.id, At(entry.epoch, entry.lsn), entry.client, entry.sequence,
                          same->client, same->sequence));
      break;
    }
  }
}

void FindConverged(const Recording& recording, DivergenceFindings& out) {
  for (const proto::RunEvent& event : recording.events) {
    if (event.kind() == proto::RunEvent::CONVERGED) {
      out.divergence.set_converged(true);
      if (!event.detail().empty()) out.notes.push_back(absl::StrCat("converged; ", event.detail()));
    }
    if (event.kind() != proto::RunEvent::NOT_CONVERGED) continue;
    out.divergence.set_converged(false);
    out.breaches.push_back(absl::StrCat("did not converge: ", event.detail()));
  }
}

// An acknowledged write that is in the log but changed nothing is effectively lost.
void FindOvertaken(const Recording& recording, const FinalLog& final_log, const Fates& fates,
                   DivergenceFindings& out) {
  const std::vector<const LogEntry*> overtaken = ReplayLog(final_log).overtaken;
  if (overtaken.empty()) return;
  uint64_t acknowledged = 0;
  for (size_t i = 0; i < recording.operations.size(); ++i) {
    if (fates.of[i] != Fate::kAckedSurvived) continue;
    const Operation& operation = recording.operations[i];
    const LogEntry* entry = final_log.Find(operation.client, operation.sequence);
    if (std::binary_search(overtaken.begin(), overtaken.end(), entry)) ++acknowledged;
  }
  if (acknowledged == 0) return;
  out.breaches.push_back(
      absl::StrCat(acknowledged,
                   " acknowledged writes are in the log but were not applied, because a newer "
                   "request of the same client precedes them; the first such record is ",
                   At(overtaken.front()->epoch, overtaken.front()->lsn)));
}

}  // namespace

Replay ReplayLog(const FinalLog& log, uint64_t up_to) {
  Replay replay;
  absl::flat_hash_map<uint64_t, uint64_t> last_sequence;  // never iterated: order is undefined
  std::map<uint32_t, const LogEntry*> newest;
  for (const LogEntry& entry : log.entries()) {
    if (entry.lsn > up_to) break;
    if (entry.key == kNoKey) continue;
    const RequestName name{static_cast<uint32_t>(entry.client), entry.lane, entry.sequence,
                           entry.attempt};
    uint64_t& last = last_sequence[name.client_on_wire()];
    if (name.sequence_on_wire() > last) {
      last = name.sequence_on_wire();
      if (entry.no_effect) continue;
      if (entry.is_delete) {
        newest.erase(entry.key);
      } else {
        for (uint32_t i = 0; i < entry.key_count; ++i) newest[entry.key + i] = &entry;
      }
    } else if (!log.IsRepetition(entry)) {
      replay.overtaken.push_back(&entry);
    }
  }
  for (const auto& [key, entry] : newest) {
    replay.state.push_back({key, entry->client, entry->epoch, entry->lsn, entry->sequence});
  }
  return replay;
}

DivergenceFindings CheckDivergence(const Recording& recording, const FinalLog& final_log,
                                   const Fates& fates) {
  DivergenceFindings findings;
  FindConverged(recording, findings);
  CompareDigests(recording, final_log, findings);
  CompareFinalStates(recording, final_log, findings);
  ComparePositions(recording, final_log, findings);
  FindOvertaken(recording, final_log, fates, findings);
  return findings;
}

}  // namespace replsim
