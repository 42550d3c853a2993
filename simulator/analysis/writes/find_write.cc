#include "simulator/analysis/writes/find_write.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/ids.h"
#include "protos/types.pb.h"

namespace replsim {

WriteRef OfOperation(const KnownWrites& evidence, const Operation& operation) {
  return {operation.epoch, operation.lsn, &operation,
          evidence.final_log.Find(operation.client, operation.sequence)};
}

namespace {

const Operation* OperationOf(const KnownWrites& evidence, const LogEntry& entry) {
  for (const Operation& operation : evidence.recording.operations) {
    if (operation.is_write && operation.client == entry.client &&
        operation.sequence == entry.sequence) {
      return &operation;
    }
  }
  return nullptr;
}

WriteRef OfEntry(const KnownWrites& evidence, const LogEntry& entry) {
  return {entry.epoch, entry.lsn, OperationOf(evidence, entry), &entry};
}

// The newest write for which `matches` is true, among committed operations and in the final log.
template <typename Matches>
std::optional<WriteRef> Newest(const KnownWrites& evidence, const Matches& matches) {
  std::optional<WriteRef> newest;
  const auto consider = [&newest](const WriteRef& write) {
    if (newest && std::pair(newest->epoch, newest->lsn) > std::pair(write.epoch, write.lsn)) return;
    newest = write;
  };
  for (const Operation& operation : evidence.recording.operations) {
    if (!operation.is_write || operation.outcome != proto::COMMITTED) continue;
    for (uint32_t i = 0; i < operation.key_count(); ++i) {
      if (matches(operation.epoch, operation.lsn, operation.key + i))
        consider(OfOperation(evidence, operation));
    }
  }
  const LogEntry* last = nullptr;
  for (const LogEntry& entry : evidence.final_log.entries()) {
    if (entry.key == kNoKey) continue;
    for (uint32_t i = 0; i < entry.key_count; ++i) {
      if (matches(entry.epoch, entry.lsn, entry.key + i)) last = &entry;
    }
  }
  if (last != nullptr) consider(OfEntry(evidence, *last));
  return newest;
}

// Null if no write was committed.
const Operation* Slowest(const Recording& recording) {
  const Operation* slowest = nullptr;
  const auto length = [](const Operation& write) { return write.completed_ns - write.invoked_ns; };
  for (const Operation& operation : recording.operations) {
    if (!operation.is_write || operation.outcome != proto::COMMITTED) continue;
    if (slowest == nullptr || length(operation) > length(*slowest)) slowest = &operation;
  }
  return slowest;
}

}  // namespace

absl::StatusOr<WriteRef> FindWrite(const KnownWrites& evidence, absl::string_view which) {
  const std::string& folder = evidence.recording.folder;
  if (which == "lost") {
    if (!evidence.final_log.known()) {
      return absl::NotFoundError(
          absl::StrCat(folder, ": the final log is unknown, so lost writes cannot be determined"));
    }
    if (!evidence.fates.first_lost) {
      return absl::NotFoundError(absl::StrCat(folder, ": no acknowledged write was lost"));
    }
    return OfOperation(evidence, evidence.recording.operations[*evidence.fates.first_lost]);
  }
  if (which == "slowest") {
    const Operation* slowest = Slowest(evidence.recording);
    if (slowest == nullptr)
      return absl::NotFoundError(absl::StrCat(folder, ": no write was committed"));
    return OfOperation(evidence, *slowest);
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
    return absl::InvalidArgumentError(
        absl::StrCat("\"", which,
                     "\" does not name a write: expected an LSN, a position such as 3:4211, a key "
                     "such as k0713, lost, or slowest"));
  }
  if (!found)
    return absl::NotFoundError(absl::StrCat(folder, ": no write ", which, " was committed"));
  return *found;
}

}  // namespace replsim
