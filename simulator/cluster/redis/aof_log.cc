#include "simulator/cluster/redis/aof_log.h"

#include <limits>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"
#include "simulator/cluster/foreign/translation.h"
#include "simulator/cluster/redis/redis_connection.h"
#include "simulator/cluster/redis/resp.h"
#include "simulator/recording/file_bytes.h"

namespace replsim {
namespace {

constexpr char kFolder[] = "/appendonlydir/";
constexpr char kManifest[] = "appendonly.aof.manifest";
constexpr uint64_t kAofBytesMax = uint64_t{4} << 30;

void AddEntry(const std::vector<absl::string_view>& words, uint64_t bytes, uint64_t* epoch,
              NativeLog* log) {
  if (words.size() < 3 || !absl::EqualsIgnoreCase(words[0], "SET")) return;
  NativeEntry entry;
  entry.log_bytes = static_cast<uint32_t>(bytes);
  entry.user_bytes = static_cast<uint32_t>(words[1].size() + words[2].size());
  if (words[1] == kEpochKey) {
    if (!absl::SimpleAtoi(words[2], epoch)) return;
  } else {
    const std::optional<uint32_t> key = KeyIndex(words[1]);
    const std::optional<WrittenValue> write = ParseValue(words[2]);
    if (!key || !write) return;
    entry.key = *key;
    entry.write = *write;
  }
  entry.epoch = *epoch;
  log->entries.push_back(std::move(entry));
}

}  // namespace

absl::Status AddAofEntries(absl::string_view bytes, const std::string& path, uint64_t* epoch,
                           NativeLog* log) {
  absl::string_view rest = bytes;
  std::vector<absl::string_view> words;
  while (!rest.empty()) {
    if (rest.front() == '#') {  // an annotation: #TS:1700000000
      const size_t end = rest.find('\n');
      rest.remove_prefix(end == absl::string_view::npos ? rest.size() : end + 1);
      continue;
    }
    const size_t before = rest.size();
    const RespParse parse = ParseCommand(&rest, &words);
    if (parse == RespParse::kMalformed) {
      return absl::DataLossError(
          absl::StrCat(path, ": no command at byte ", bytes.size() - rest.size()));
    }
    if (parse == RespParse::kPartial) {
      log->cut = absl::StrCat(path, " ends inside a command: ", rest.size(), " bytes are ignored");
      break;
    }
    AddEntry(words, before - rest.size(), epoch, log);
  }
  return absl::OkStatus();
}

absl::StatusOr<NativeLog> ReadAofLog(const std::string& folder) {
  const std::string path = folder + kFolder;
  REPL_ASSIGN_OR_RETURN(const std::string manifest, ReadFileBytes(path + kManifest));
  NativeLog log;
  uint64_t epoch = 1;
  // Lines such as "file appendonly.aof.1.incr.aof seq 1 type i", in order.
  for (const absl::string_view line : absl::StrSplit(manifest, '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    if (words.size() < 6 || words[0] != "file" || words[4] != "type") {
      return absl::DataLossError(absl::StrCat(path, kManifest, ": read \"", line, "\""));
    }
    if (words[5] == "h") continue;  // replaced
    const std::string file = path + std::string(words[1]);
    const absl::StatusOr<std::string> bytes = ReadFileBytes(file, kAofBytesMax);
    // The server names an increment before it creates the file.
    if (absl::IsNotFound(bytes.status())) continue;
    REPL_RETURN_IF_ERROR(bytes.status());
    const bool is_base = words[5] == "b";
    if (is_base && absl::StartsWith(*bytes, "REDIS")) {
      return absl::DataLossError(file + " is a snapshot in binary form; expected commands");
    }
    REPL_RETURN_IF_ERROR(AddAofEntries(*bytes, file, &epoch, &log));
    if (is_base && !log.entries.empty()) {
      log.begins_with_copy = true;
      log.entries.clear();
    }
  }
  return log;
}

}  // namespace replsim
