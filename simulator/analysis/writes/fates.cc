#include "simulator/analysis/writes/fates.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/time.h"
#include "protos/types.pb.h"
#include "simulator/analysis/availability/outage_table.h"
#include "simulator/analysis/availability/throughput.h"
#include "simulator/analysis/evidence/stages.h"
#include "simulator/analysis/writes/applied_twice.h"

namespace replsim {
namespace {

constexpr size_t kFates = 10;

Fate Decide(const Operation& operation, const FinalLog& final_log) {
  if (!operation.is_write) return Fate::kNotAWrite;
  if (!final_log.known()) return Fate::kUndecided;
  const bool there = final_log.Find(operation.client, operation.sequence) != nullptr;
  switch (operation.outcome) {
    case proto::COMMITTED:
      // A write that changed nothing cannot be lost.
      return there || !operation.is_change() ? Fate::kAckedSurvived : Fate::kAckedLost;
    case proto::REJECTED:
      return there ? Fate::kRejectedSurvived : Fate::kUnackedGone;
    case proto::LOST:
      return there ? Fate::kToldLostSurvived : Fate::kToldLostGone;
    default:
      return there ? Fate::kUnknownSurvived : Fate::kUnknownGone;
  }
}

bool IsHole(const Operation& lost, const FinalLog& final_log) {
  const std::optional<uint64_t> last = final_log.LastOfEpoch(lost.epoch);
  return last && *last > lost.lsn;
}

bool Before(const Operation& a, const Operation& b) {
  return a.epoch != b.epoch ? a.epoch < b.epoch : a.lsn < b.lsn;
}

void CountAnswers(const Recording& recording, proto::RunReport::Writes& writes) {
  uint64_t attempted = 0, committed = 0, rejected = 0, unknown = 0, lost = 0, unprotected = 0;
  uint64_t conditional = 0, no_effect = 0, several_keys = 0, transactions = 0;
  for (const Operation& operation : recording.operations) {
    if (!operation.is_write) continue;
    ++attempted;
    const bool is_append = operation.kind == OperationKind::kAppend;
    if (is_append || operation.kind == OperationKind::kCas) ++conditional;
    if (operation.key_count() > 1) ++several_keys;
    if (operation.outcome == proto::COMMITTED) {
      ++committed;
      if (operation.key_count() > 1) ++transactions;
      if (operation.unprotected) ++unprotected;
      if (operation.no_effect != 0) ++no_effect;
    } else if (operation.outcome == proto::REJECTED) {
      ++rejected;
    } else if (operation.outcome == proto::LOST) {
      ++lost;
    } else {
      ++unknown;
    }
  }
  writes.set_attempted(attempted);
  writes.set_committed(committed);
  writes.set_rejected(rejected);
  writes.set_unknown(unknown);
  writes.set_told_lost(lost);
  writes.set_unprotected_acks(unprotected);
  writes.set_protected_acks(committed - unprotected);
  if (conditional > 0) writes.set_no_effect(no_effect);
  if (several_keys > 0) writes.set_transactions(transactions);
  if (const auto rate = CommittedPerSecond(recording)) writes.set_per_second(*rate);
}

// Counts tickets, retries and requests per write. Sets nothing if the history does not record the
// number of attempts.
void CountRequests(const Recording& recording, proto::RunReport::Writes& writes) {
  uint64_t tickets = 0, retried = 0, committed = 0, requests = 0;
  bool known = false;
  for (const Operation& operation : recording.operations) {
    if (!operation.is_write) continue;
    known |= operation.attempts > 0;
    if (operation.ticket_ns != 0) ++tickets;
    if (operation.attempts > 1) ++retried;
    if (operation.outcome != proto::COMMITTED) continue;
    ++committed;
    requests += operation.requests;
  }
  if (!known) return;
  writes.set_tickets(tickets);
  writes.set_retried(retried);
  if (committed == 0) return;
  writes.set_requests_per_write(static_cast<double>(requests) / static_cast<double>(committed));
}

// Counts writes of this workload that are in the log although no operation of the history names
// them.
uint64_t CountUnanswered(const Recording& recording, const FinalLog& final_log) {
  const std::vector<LogEntry>& entries = final_log.entries();
  std::vector<bool> named(entries.size());
  for (const Operation& operation : recording.operations) {
    if (!operation.is_write) continue;
    const LogEntry* entry = final_log.Find(operation.client, operation.sequence);
    if (entry != nullptr) named[static_cast<size_t>(entry - entries.data())] = true;
  }
  uint64_t unanswered = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].key != kNoKey && !named[i] && !final_log.IsRepetition(entries[i])) ++unanswered;
  }
  return unanswered;
}

double Milliseconds(const Recording& recording, int64_t time_ns) {
  return MillisFrom(time_ns - recording.manifest.load_begin_ns());
}

// The part of a leadership's log that each stage of a node held. If the leadership is unknown, the
// node's own position counts.
using Reach = std::array<uint64_t, kNodeStages>;
std::optional<Reach> ReachOf(const Recording& recording,
                             const LeadershipHistory& leadership_history, size_t node,
                             std::optional<size_t> leadership, int64_t time_ns) {
  const auto& trace = recording.nodes[node].trace;
  if (!trace || trace->empty() || trace->front().time_ns > time_ns) return std::nullopt;
  Reach reach{};
  for (size_t stage = 0; stage < kNodeStages; ++stage) {
    const StepFunction<StagePosition> steps = StageSteps(*trace, stage);
    StepCursor<StagePosition> cursor(steps);
    const StagePosition* at = cursor.Seek(time_ns);
    if (at == nullptr) continue;
    reach[stage] =
        leadership ? leadership_history.CommonLsn(at->epoch, at->lsn, *leadership) : at->lsn;
  }
  return reach;
}

// Whether the cluster records when this node writes and flushes its log.
bool RecordsFlushes(const proto::Manifest& manifest, const std::string& node) {
  const auto& nodes = manifest.evidence().nodes();
  return std::none_of(nodes.begin(), nodes.end(), [&](const auto& of) {
    return of.node() == node && of.flush() == proto::ABSENT;
  });
}

// "r1 had received 4174", with the flushed position if that is known and lower.
std::string DescribeReach(const std::string& node, const Reach& reach, bool first,
                          bool records_flushes) {
  std::string text = absl::StrCat(node, first ? " had received " : " ", reach[kReceiveStage]);
  if (records_flushes && reach[2] < reach[kReceiveStage])
    absl::StrAppend(&text, " (flushed ", reach[2], ")");
  return text;
}

void Explain(const Recording& recording, const Operation& lost, proto::RunReport::LostWrite& out) {
  out.set_epoch(lost.epoch);
  out.set_lsn(lost.lsn);
  out.set_key(KeyName(lost.key));
  out.set_client(lost.client);
  out.set_sequence(lost.sequence);
  out.set_acknowledged_ms(Milliseconds(recording, lost.completed_ns));
  const LeadershipHistory leadership_history(recording);
  const OutageTable outages(recording, leadership_history);
  const Loss loss = outages.losses.LossOf(lost);
  if (loss.at_ns) out.set_fault_ms(Milliseconds(recording, *loss.at_ns));
  const std::optional<size_t> leadership = leadership_history.IndexOf(lost.epoch);
  std::vector<std::string> texts;
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    if (node == lost.node) continue;
    const std::optional<Reach> reach = ReachOf(recording, leadership_history, node, leadership,
                                               loss.at_ns.value_or(recording.manifest.end_ns()));
    if (!reach) {
      texts.push_back(absl::StrCat(recording.NodeName(node), " left no trace"));
      continue;
    }
    proto::RunReport::Reached& told = *out.add_reached();
    told.set_node(recording.NodeName(node));
    told.set_receive((*reach)[0]);
    const bool records_flushes = RecordsFlushes(recording.manifest, told.node());
    if (records_flushes) {
      told.set_write((*reach)[1]);
      told.set_flush((*reach)[2]);
    }
    told.set_apply((*reach)[3]);
    texts.push_back(DescribeReach(told.node(), *reach, out.reached_size() == 1, records_flushes));
  }
  if (leadership_history.leaderships().size() > 1 && out.reached_size() > 0) {
    texts.back() += absl::StrCat(" of epoch ", lost.epoch);
  }
  out.set_explanation(absl::StrFormat(
      "%d:%d key %s, acknowledged %.3f s; %s %s", lost.epoch, lost.lsn, KeyNames(lost),
      Milliseconds(recording, lost.completed_ns) / 1e3,
      texts.empty() ? "there was no other node" : absl::StrJoin(texts, ", "), loss.when));
}

void FindBreaches(const Recording& recording, const FinalLog& final_log, Fates& fates) {
  uint64_t usurped = 0;
  const Operation* first = nullptr;
  for (const Operation& operation : recording.operations) {
    if (!operation.is_write || operation.outcome != proto::COMMITTED) continue;
    const LogEntry* there = final_log.At(operation.epoch, operation.lsn);
    if (there == nullptr) continue;
    if (there->client == operation.client && there->sequence == operation.sequence) continue;
    if (usurped++ == 0) first = &operation;
  }
  if (first != nullptr) {
    fates.breaches.push_back(absl::StrCat(
        usurped, " acknowledged positions hold a different write in the final log; the first is ",
        first->epoch, ":", first->lsn, ", acknowledged to client ", first->client));
  }
}

void CountTwice(const FinalLog& final_log, Fates& fates) {
  AppliedTwice twice = FindAppliedTwice(final_log);
  fates.writes.set_applied_twice(twice.operations);
  fates.writes.set_first_applied_twice(std::move(twice.first));
  if (twice.logged_again == 0) return;
  fates.breaches.push_back(
      absl::StrCat("requests that the final log holds twice: ", twice.logged_again));
}

}  // namespace

const char* Name(Fate fate) {
  switch (fate) {
    case Fate::kNotAWrite:
      return "not a write";
    case Fate::kUndecided:
      return "undecided";
    case Fate::kAckedSurvived:
      return "acknowledged, in the final log";
    case Fate::kAckedLost:
      return "acknowledged, then lost";
    case Fate::kUnackedGone:
      return "rejected, not in the final log";
    case Fate::kRejectedSurvived:
      return "rejected, yet in the final log";
    case Fate::kUnknownSurvived:
      return "answer unknown, in the final log";
    case Fate::kUnknownGone:
      return "answer unknown, not in the final log";
    case Fate::kToldLostSurvived:
      return "reported lost, yet in the final log";
    case Fate::kToldLostGone:
      return "reported lost, not in the final log";
  }
  return "?";
}

Fates DecideFates(const Recording& recording, const FinalLog& final_log) {
  Fates fates;
  CountAnswers(recording, fates.writes);
  CountRequests(recording, fates.writes);
  std::array<uint64_t, kFates> count{};
  uint64_t holes = 0, protected_lost = 0, never_done = 0;
  for (size_t i = 0; i < recording.operations.size(); ++i) {
    const Operation& operation = recording.operations[i];
    const Fate fate = fates.of.emplace_back(Decide(operation, final_log));
    ++count[static_cast<size_t>(fate)];
    const bool gone = fate == Fate::kUnknownGone || fate == Fate::kToldLostGone ||
                      fate == Fate::kAckedLost || fate == Fate::kUnackedGone;
    if (gone && (operation.ticket_ns != 0 || fate == Fate::kAckedLost)) ++never_done;
    if (fate != Fate::kAckedLost) continue;
    if (IsHole(operation, final_log)) ++holes;
    if (!operation.unprotected) ++protected_lost;
    if (!fates.first_lost || Before(operation, recording.operations[*fates.first_lost])) {
      fates.first_lost = i;
    }
  }
  if (!final_log.known()) return fates;
  const auto of = [&count](Fate fate) { return count[static_cast<size_t>(fate)]; };
  proto::RunReport::Writes& writes = fates.writes;
  writes.set_acked_survived(of(Fate::kAckedSurvived));
  writes.set_acked_lost(of(Fate::kAckedLost));
  writes.set_unacked_gone(of(Fate::kUnackedGone));
  writes.set_rejected_survived(of(Fate::kRejectedSurvived));
  writes.set_unknown_survived(of(Fate::kUnknownSurvived));
  writes.set_unknown_gone(of(Fate::kUnknownGone));
  writes.set_unacked_survived(CountUnanswered(recording, final_log));
  writes.set_holes(holes);
  writes.set_protected_lost(protected_lost);
  writes.set_told_lost_survived(of(Fate::kToldLostSurvived));
  writes.set_answered_never_done(never_done);
  if (fates.first_lost) {
    Explain(recording, recording.operations[*fates.first_lost], *writes.mutable_first_lost());
  }
  if (writes.rejected_survived() > 0) {
    fates.breaches.push_back(absl::StrCat(writes.rejected_survived(),
                                          " writes were rejected, but are in the final log"));
  }
  FindBreaches(recording, final_log, fates);
  CountTwice(final_log, fates);
  return fates;
}

}  // namespace replsim
