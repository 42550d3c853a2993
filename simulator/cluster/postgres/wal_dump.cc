#include "simulator/cluster/postgres/wal_dump.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "simulator/cluster/foreign/translation.h"
#include "simulator/cluster/postgres/wal_position.h"

namespace replsim {
namespace {

// Returns the text between `before` and the next `after`, and moves `*rest` behind it. Empty if it
// is not there.
absl::string_view Between(absl::string_view* rest, absl::string_view before,
                          absl::string_view after) {
  const size_t found = rest->find(before);
  if (found == absl::string_view::npos) return "";
  absl::string_view text = rest->substr(found + before.size());
  const size_t end = std::min(text.find(after), text.size());
  *rest = text.substr(end);
  return absl::StripAsciiWhitespace(text.substr(0, end));
}

// What an error of pg_waldump means. The next segment of a node may not exist yet.
absl::Status EndOf(absl::string_view error, bool found) {
  if (absl::StartsWith(error, "error in WAL record at ") ||
      absl::StartsWith(error, "could not find a valid record after ") ||
      (found && absl::StartsWith(error, "could not find file "))) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat("pg_waldump: ", error));
}

}  // namespace

std::string WritePayload(absl::string_view key, absl::string_view value) {
  const std::optional<WrittenValue> write = ParseValue(value);
  return absl::StrCat(key, " ", write ? ToString(*write) : "-", " ", value.size());
}

std::string EpochPayload(uint64_t epoch) { return absl::StrCat("epoch ", epoch); }

absl::Status WalDumpReader::Read(absl::string_view output, uint64_t end) {
  bool found = false;
  absl::Status status;
  for (absl::string_view line : absl::StrSplit(output, '\n')) {
    if (absl::ConsumePrefix(&line, "pg_waldump: error: ")) status = EndOf(line, found);
    if (!absl::StartsWith(line, "rmgr: ")) continue;
    found = true;
    uint32_t bytes = 0;
    uint32_t transaction = 0;
    absl::string_view rest = line;
    // len (rec/tot):     34/    34, tx:        726, lsn: 0/0152C9B8, …
    absl::string_view lengths = Between(&rest, "(rec/tot):", ",");
    lengths.remove_prefix(std::min(lengths.find('/') + 1, lengths.size()));
    if (!absl::SimpleAtoi(lengths, &bytes) ||
        !absl::SimpleAtoi(Between(&rest, "tx:", ","), &transaction)) {
      continue;
    }
    const std::optional<uint64_t> start = ParseWalPosition(Between(&rest, "lsn:", ","));
    if (!start || *start >= end) continue;
    const absl::string_view description = Between(&rest, "desc:", "\n");
    if (absl::StartsWith(description, "MESSAGE ")) {
      ReadMessage(transaction, description);
    } else if (absl::StartsWith(description, "COMMIT ")) {
      ReadCommit(transaction, *start, bytes, description);
    }
  }
  return status;
}

// MESSAGE transactional, prefix "rs"; payload (14 bytes): 6B 30 30
void WalDumpReader::ReadMessage(uint32_t transaction, absl::string_view description) {
  if (Between(&description, "prefix \"", "\"") != kWalMessagePrefix) return;
  const std::string payload = absl::HexStringToBytes(
      absl::StrJoin(absl::StrSplit(Between(&description, "bytes):", "\n"), ' '), ""));
  const std::vector<absl::string_view> words = absl::StrSplit(payload, ' ');
  if (words.size() == 2 && words[0] == "epoch") {
    uint64_t epoch = 0;
    if (absl::SimpleAtoi(words[1], &epoch)) epoch_ = std::max(epoch_, epoch);
    return;
  }
  if (words.size() != 3) return;
  const std::optional<uint32_t> key = KeyIndex(words[0]);
  const std::optional<WrittenValue> write = ParseValue(words[1]);
  uint32_t value_bytes = 0;
  if (!key || !write || !absl::SimpleAtoi(words[2], &value_bytes)) return;
  NativeEntry entry;
  entry.write = *write;
  entry.key = *key;
  entry.user_bytes = static_cast<uint32_t>(words[0].size()) + value_bytes;
  open_[transaction] = entry;
}

// COMMIT 2026-12-01 04:43:00.504708 UTC; …
void WalDumpReader::ReadCommit(uint32_t transaction, uint64_t start, uint32_t bytes,
                               absl::string_view description) {
  const uint64_t end = WalRecordEnd(start, bytes);
  const auto found = open_.find(transaction);
  if (found == open_.end()) return;
  NativeEntry entry = found->second;
  open_.erase(found);
  entry.epoch = epoch_;
  entry.native = end;
  entry.native_text = WalPositionText(start);
  // With everything since the previous write: row versions, page images, index entries.
  const uint64_t since = last_end_ == 0 ? bytes : end - std::min(last_end_, end);
  entry.log_bytes =
      static_cast<uint32_t>(std::min<uint64_t>(since, std::numeric_limits<uint32_t>::max()));
  last_end_ = end;
  absl::Time wall;
  std::string error;
  const absl::string_view time = Between(&description, "COMMIT ", " UTC");
  if (absl::ParseTime("%Y-%m-%d %H:%M:%E*S", time, &wall, &error)) {
    // A transaction reads the clock before it reserves its place in the WAL.
    last_time_ns_ = std::max(last_time_ns_, absl::ToUnixNanos(wall) - wall_ahead_.count());
    entry.time_ns = last_time_ns_;
  }
  entries_.push_back(entry);
}

}  // namespace replsim
