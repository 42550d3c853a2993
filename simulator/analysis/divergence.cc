#include "simulator/analysis/divergence.h"

#include <algorithm>
#include <map>

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

// Live nodes' digests say something about each other only where they have applied the same.
void CompareDigests(const Recording& recording, DivergenceFindings& out) {
  const proto::Manifest::NodeEnd* first = nullptr;
  bool equal = true;
  uint64_t truncated = 0;
  for (const auto& end : recording.manifest.ends()) {
    truncated += end.truncated_entries();
    if (!end.alive()) continue;
    proto::RunReport::Digest& digest = *out.divergence.add_digests();
    digest.set_node(end.node());
    digest.set_data(absl::StrFormat("%016x", end.digest()));
    if (first == nullptr) first = &end;
    if (end.digest() == first->digest()) continue;
    equal = false;
    if (end.apply() != first->apply()) continue;
    out.breaches.push_back(
        absl::StrFormat("%s and %s have both applied up to %d, and their data differs",
                        first->node(), end.node(), end.apply()));
  }
  if (recording.manifest.ends().empty()) return;
  out.divergence.set_truncated_entries(truncated);
  if (first != nullptr) out.divergence.set_digests_equal(equal);
}

// Where two key-ordered states first differ, for people; empty where they do not.
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

void CompareFinalStates(const Recording& recording, const FinalLog& final_log,
                        DivergenceFindings& out) {
  const std::vector<FinalEntry> expected = ReplayLog(final_log).state;
  const NodeRecording* first = nullptr;
  size_t compared = 0;
  bool equal = true;
  for (const NodeRecording& node : recording.nodes) {
    const proto::Manifest::NodeEnd* end = EndOf(recording, node.id);
    if (end == nullptr || !end->alive()) continue;
    if (!node.final_state) return;  // unknown, whatever the others hold
    ++compared;
    if (first == nullptr) first = &node;
    if (*node.final_state != *first->final_state) equal = false;
    if (!final_log.known()) continue;
    const std::string difference = FirstDifference(*node.final_state, absl::StrCat("on ", node.id),
                                                   expected, "by the final log");
    if (difference.empty()) continue;
    out.breaches.push_back(absl::StrCat("final read of ", node.id, " is not what the log of ",
                                        recording.manifest.final_primary(), " says: ", difference));
  }
  if (compared > 0) out.divergence.set_final_states_equal(equal);
}

// One position names one write, on whichever node it lies.
void ComparePositions(const Recording& recording, const FinalLog& final_log,
                      DivergenceFindings& out) {
  for (const NodeRecording& node : recording.nodes) {
    if (!node.log) continue;
    for (const LogEntry& entry : *node.log) {
      const LogEntry* same = final_log.At(entry.epoch, entry.lsn);
      if (same == nullptr || (same->client == entry.client && same->sequence == entry.sequence))
        continue;
      out.breaches.push_back(absl::StrFormat(
          "%s holds another write at %s (client %d, %d) than the final log (client %d, %d)",
          node.id, At(entry.epoch, entry.lsn), entry.client, entry.sequence, same->client,
          same->sequence));
      break;
    }
  }
}

void FindConverged(const Recording& recording, DivergenceFindings& out) {
  for (const proto::RunEvent& event : recording.events) {
    if (event.kind() == proto::RunEvent::CONVERGED) out.divergence.set_converged(true);
    if (event.kind() != proto::RunEvent::NOT_CONVERGED) continue;
    out.divergence.set_converged(false);
    out.breaches.push_back(absl::StrCat("did not converge: ", event.detail()));
  }
}

// An acknowledged write that lies in the log and changed nothing was lost in all but name.
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
  out.breaches.push_back(absl::StrCat(
      acknowledged,
      " acknowledged writes lie in the log and were not applied, because a newer request"
      " of their client came before them; the first such record is ",
      At(overtaken.front()->epoch, overtaken.front()->lsn)));
}

}  // namespace

Replay ReplayLog(const FinalLog& log) {
  Replay replay;
  absl::flat_hash_map<uint64_t, uint64_t> last_sequence;  // looked up, never walked
  std::map<uint32_t, const LogEntry*> newest;
  for (const LogEntry& entry : log.entries()) {
    if (entry.key == kNoKey) continue;
    const RequestName name{static_cast<uint32_t>(entry.client), entry.lane, entry.sequence,
                           entry.attempt};
    uint64_t& last = last_sequence[name.client_on_wire()];
    if (name.sequence_on_wire() > last) {
      last = name.sequence_on_wire();
      if (entry.is_delete) {
        newest.erase(entry.key);
      } else {
        newest[entry.key] = &entry;
      }
    } else if (!log.IsRepetition(entry)) {
      replay.overtaken.push_back(&entry);
    }
  }
  for (const auto& [key, entry] : newest) {
    replay.state.push_back({key, 0, entry->epoch, entry->lsn});
  }
  return replay;
}

DivergenceFindings CheckDivergence(const Recording& recording, const FinalLog& final_log,
                                   const Fates& fates) {
  DivergenceFindings findings;
  FindConverged(recording, findings);
  CompareDigests(recording, findings);
  CompareFinalStates(recording, final_log, findings);
  ComparePositions(recording, final_log, findings);
  FindOvertaken(recording, final_log, fates, findings);
  return findings;
}

}  // namespace replsim
