#include "simulator/report/explain.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/ids.h"
#include "common/base/status.h"
#include "protos/types.pb.h"
#include "simulator/analysis/fates.h"
#include "simulator/metrics/format.h"
#include "simulator/report/write_life.h"

namespace replsim {
namespace {

struct Evidence {
  explicit Evidence(const Recording& r)
      : recording(r), final_log(r), lineages(r), fates(DecideFates(r, final_log)) {}
  const Recording& recording;
  FinalLog final_log;
  Lineages lineages;
  Fates fates;
};

WriteRef OfOperation(const Evidence& evidence, const Operation& operation) {
  return {operation.epoch, operation.lsn, &operation,
          evidence.final_log.Find(operation.client, operation.sequence)};
}

const Operation* OperationOf(const Evidence& evidence, const LogEntry& entry) {
  for (const Operation& operation : evidence.recording.operations) {
    if (operation.is_write && operation.client == entry.client &&
        operation.sequence == entry.sequence) {
      return &operation;
    }
  }
  return nullptr;
}

WriteRef OfEntry(const Evidence& evidence, const LogEntry& entry) {
  return {entry.epoch, entry.lsn, OperationOf(evidence, entry), &entry};
}

// The newest write that `matches` accepts, among answered operations and in the final log.
template <typename Matches>
std::optional<WriteRef> Newest(const Evidence& evidence, const Matches& matches) {
  std::optional<WriteRef> newest;
  const auto consider = [&newest](const WriteRef& write) {
    if (newest && std::pair(newest->epoch, newest->lsn) > std::pair(write.epoch, write.lsn)) return;
    newest = write;
  };
  for (const Operation& operation : evidence.recording.operations) {
    if (!operation.is_write || operation.outcome != proto::COMMITTED) continue;
    if (matches(operation.epoch, operation.lsn, operation.key))
      consider(OfOperation(evidence, operation));
  }
  const LogEntry* last = nullptr;
  for (const LogEntry& entry : evidence.final_log.entries()) {
    if (entry.key != kNoKey && matches(entry.epoch, entry.lsn, entry.key)) last = &entry;
  }
  if (last != nullptr) consider(OfEntry(evidence, *last));
  return newest;
}

absl::StatusOr<WriteRef> FindWrite(const Evidence& evidence, absl::string_view which) {
  const std::string& folder = evidence.recording.folder;
  if (which == "lost") {
    if (!evidence.final_log.known()) {
      return absl::NotFoundError(
          absl::StrCat(folder, ": the final log is not known, nor which writes are lost"));
    }
    if (!evidence.fates.first_lost) {
      return absl::NotFoundError(absl::StrCat(folder, ": no acknowledged write was lost"));
    }
    return OfOperation(evidence, evidence.recording.operations[*evidence.fates.first_lost]);
  }
  std::optional<WriteRef> found;
  uint64_t number = 0;
  if (const std::optional<Position> position = ParsePosition(which)) {
    found = Newest(evidence, [&](uint64_t epoch, uint64_t lsn, uint32_t) {
      return epoch == position->epoch.value() && lsn == position->lsn.value();
    });
  } else if (absl::SimpleAtoi(which, &number)) {
    found = Newest(evidence, [&](uint64_t, uint64_t lsn, uint32_t) { return lsn == number; });
  } else if (!which.empty() && which[0] == 'k' && absl::SimpleAtoi(which.substr(1), &number)) {
    found = Newest(evidence, [&](uint64_t, uint64_t, uint32_t key) { return key == number; });
  } else {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", which,
        "\" names no write: give an LSN, a position as 3:4211, a key as k0713, or lost"));
  }
  if (!found)
    return absl::NotFoundError(absl::StrCat(folder, ": no write ", which, " was committed"));
  return *found;
}

const Moment* FirstOf(const std::vector<Moment>& life, Moment::Kind kind) {
  const auto found =
      std::find_if(life.begin(), life.end(), [kind](const Moment& m) { return m.kind == kind; });
  return found == life.end() ? nullptr : &*found;
}

// The step from invocation over append and gate to the answer that took longest, and what ended it.
std::string LongestWait(const std::vector<Moment>& life) {
  const Moment* before = nullptr;
  const Moment* from = nullptr;
  const Moment* to = nullptr;
  for (const Moment::Kind kind :
       {Moment::Kind::kInvoke, Moment::Kind::kAppend, Moment::Kind::kGate, Moment::Kind::kAnswer}) {
    const Moment* at = FirstOf(life, kind);
    if (at == nullptr) continue;
    if (before != nullptr &&
        (to == nullptr || at->time_ns - before->time_ns > to->time_ns - from->time_ns)) {
      from = before;
      to = at;
    }
    before = at;
  }
  if (to == nullptr) return "";
  std::string text = absl::StrCat(
      "it waited longest, ", MillisText(static_cast<double>(to->time_ns - from->time_ns) / 1e6),
      ", between: ", from->text, ", and: ", to->text);
  if (to->kind != Moment::Kind::kGate) return text + "\n";
  const Moment* trigger = nullptr;
  for (const Moment& moment : life) {
    const bool opens = moment.kind == Moment::Kind::kStage || moment.kind == Moment::Kind::kLearned;
    if (opens && moment.time_ns <= to->time_ns && moment.time_ns >= from->time_ns)
      trigger = &moment;
  }
  if (trigger != nullptr) absl::StrAppend(&text, "; the last thing before it: ", trigger->text);
  return text + "\n";
}

std::string FateOf(const Evidence& evidence, const WriteRef& write) {
  if (write.operation == nullptr) return "never answered, survived";
  const auto index = static_cast<size_t>(write.operation - evidence.recording.operations.data());
  return Name(evidence.fates.of[index]);
}

std::string Heading(const Evidence& evidence, const WriteRef& write) {
  const uint32_t key = write.operation != nullptr ? write.operation->key : write.entry->key;
  const uint64_t client =
      write.operation != nullptr ? write.operation->client : write.entry->client;
  const uint64_t sequence =
      write.operation != nullptr ? write.operation->sequence : write.entry->sequence;
  std::string text =
      absl::StrCat(write.epoch, ":", write.lsn, " key ", KeyName(key), " · client ", client,
                   " request ", sequence, " · ", FateOf(evidence, write), "\n");
  const bool elsewhere = write.entry != nullptr &&
                         (write.entry->epoch != write.epoch || write.entry->lsn != write.lsn);
  if (elsewhere) {
    absl::StrAppend(&text, "in the final log it lies at ", write.entry->epoch, ":",
                    write.entry->lsn, "\n");
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> ExplainWrite(const Recording& recording, absl::string_view which) {
  const Evidence evidence(recording);
  REPL_ASSIGN_OR_RETURN(const WriteRef write, FindWrite(evidence, which));
  const std::vector<Moment> life = LifeOf(recording, evidence.lineages, write);
  std::string text = Heading(evidence, write);
  if (life.empty()) return text + "no trace and no history tells more of it\n";
  const Moment* invoke = FirstOf(life, Moment::Kind::kInvoke);
  const int64_t origin = invoke != nullptr ? invoke->time_ns : life.front().time_ns;
  absl::StrAppendFormat(&text, "times from its invocation, at %.3f s of the load\n\n",
                        static_cast<double>(origin - recording.manifest.load_begin_ns()) / 1e9);
  for (const Moment& moment : life) {
    absl::StrAppendFormat(&text, "%12.3f ms  %s\n",
                          static_cast<double>(moment.time_ns - origin) / 1e6, moment.text);
  }
  absl::StrAppend(&text, "\n", LongestWait(life));
  const proto::RunReport::LostWrite& lost = evidence.fates.writes.first_lost();
  if (evidence.fates.first_lost && lost.epoch() == write.epoch && lost.lsn() == write.lsn) {
    absl::StrAppend(&text, "lost: ", lost.explanation(), "\n");
  }
  return text;
}

}  // namespace replsim
