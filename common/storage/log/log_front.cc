#include "common/storage/log/log_front.h"

#include <xxhash.h>

#include <cinttypes>
#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status.h"

namespace replsim {
namespace {

// Text, so that people can read it:
//
//   replsim log front 1
//   after 3:41             position of the last record dropped
//   bytes 18000            encoded size of all records up to it
//   xxh3 1234567890        of everything before this line
constexpr absl::string_view kFrontTitle = "replsim log front 1";

std::string FrontPath(const std::string& log_folder) { return log_folder + "/front"; }

std::string FrontText(const LogFront& front) {
  const std::string body =
      absl::StrCat(kFrontTitle, "\nafter ", ToString(front.before), "\nbytes ", front.bytes, "\n");
  return absl::StrCat(body, "xxh3 ", XXH3_64bits(body.data(), body.size()), "\n");
}

std::optional<LogFront> ParseFront(absl::string_view text) {
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  LogFront front;
  if (lines.size() != 5 || !absl::ConsumePrefix(&lines[1], "after ") ||
      !absl::ConsumePrefix(&lines[2], "bytes ") || !absl::SimpleAtoi(lines[2], &front.bytes)) {
    return std::nullopt;
  }
  const std::optional<Position> before = ParsePosition(lines[1]);
  if (!before) return std::nullopt;
  front.before = *before;
  if (FrontText(front) != text) return std::nullopt;
  return front;
}

}  // namespace

absl::StatusOr<LogFront> LoadLogFront(FileSystem& fs, const std::string& log_folder) {
  const std::string path = FrontPath(log_folder);
  const absl::StatusOr<std::string> text = ReadWholeFile(fs, path);
  if (absl::IsNotFound(text.status())) return LogFront();
  REPL_RETURN_IF_ERROR(text.status());
  if (const std::optional<LogFront> front = ParseFront(*text)) return *front;
  return absl::DataLossError(absl::StrCat(
      path, ": corrupt, or not of this version (\"", kFrontTitle,
      "\"): restore this node from another replica: delete its folder and restart it"));
}

absl::Status SaveLogFront(FileSystem& fs, const std::string& log_folder, const LogFront& front) {
  return ReplaceFile(fs, FrontPath(log_folder), FrontText(front));
}

}  // namespace replsim
