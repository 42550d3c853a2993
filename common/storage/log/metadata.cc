#include "common/storage/log/metadata.h"

#include <xxhash.h>

#include <cinttypes>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/epoch.h"
#include "common/base/status.h"

namespace replsim {
namespace {

// Text, so that people can read it:
//
//   replsim metadata 1
//   epoch 7
//   voted for r1           absent: for none
//   in sync 7:3 p r1       absent: no set; otherwise its epoch, its version and its members
//   quorum 1               absent: 0; otherwise the quorum of the set
//   clean                  absent: the node runs, or its shutdown was not clean
//   begins 3:1             one line per epoch of the history: its number, its first LSN
//   begins 7:1042
//   xxh3 0123456789abcdef  of everything before this line
constexpr absl::string_view kTitle = "replsim metadata 1";
constexpr absl::string_view kClean = "clean";

std::string PathIn(const std::string& folder) { return folder + "/metadata"; }

std::string ChecksumLine(absl::string_view body) {
  char line[32];
  std::snprintf(line, sizeof(line), "xxh3 %016" PRIx64 "\n",
                static_cast<uint64_t>(XXH3_64bits(body.data(), body.size())));
  return line;
}

std::optional<PublishedSet> ParseSet(absl::string_view text) {
  const std::vector<absl::string_view> words = absl::StrSplit(text, ' ');
  const std::optional<Position> number = ParsePosition(words[0]);
  if (!number || words.size() < 2) return std::nullopt;
  PublishedSet set{number->epoch, number->lsn.value(), {}, 0};
  for (size_t i = 1; i < words.size(); ++i) {
    const NodeId member{std::string(words[i])};
    if (member.empty() || set.Contains(member)) return std::nullopt;
    set.members.push_back(member);
  }
  return set;
}

// The body without its checksum line; absent if the checksum is missing or wrong.
std::optional<absl::string_view> CheckedBody(absl::string_view text) {
  const size_t line_bytes = ChecksumLine("").size();
  if (text.size() < line_bytes) return std::nullopt;
  const absl::string_view body = text.substr(0, text.size() - line_bytes);
  if (text.substr(body.size()) != ChecksumLine(body)) return std::nullopt;
  return body;
}

std::optional<Metadata> Parse(absl::string_view body) {
  std::vector<absl::string_view> lines = absl::StrSplit(body, '\n');
  if (lines.size() < 3 || lines[0] != kTitle || !lines.back().empty()) return std::nullopt;
  uint64_t epoch = 0;
  if (!absl::ConsumePrefix(&lines[1], "epoch ") || !absl::SimpleAtoi(lines[1], &epoch)) {
    return std::nullopt;
  }
  size_t next = 2;
  NodeId voted_for;
  if (absl::string_view vote = lines[next]; absl::ConsumePrefix(&vote, "voted for ")) {
    voted_for = NodeId(std::string(vote));
    ++next;
  }
  PublishedSet in_sync;
  if (absl::string_view text = lines[next]; absl::ConsumePrefix(&text, "in sync ")) {
    const std::optional<PublishedSet> set = ParseSet(text);
    if (!set) return std::nullopt;
    in_sync = *set;
    ++next;
  }
  if (absl::string_view quorum = lines[next]; absl::ConsumePrefix(&quorum, "quorum ")) {
    if (in_sync.empty() || !absl::SimpleAtoi(quorum, &in_sync.quorum)) return std::nullopt;
    ++next;
  }
  const bool clean = lines[next] == kClean;
  if (clean) ++next;
  std::vector<EpochStart> starts;
  for (size_t i = next; i + 1 < lines.size(); ++i) {
    if (!absl::ConsumePrefix(&lines[i], "begins ")) return std::nullopt;
    const std::optional<Position> start = ParsePosition(lines[i]);
    if (!start) return std::nullopt;
    if (!starts.empty() &&
        (start->epoch <= starts.back().epoch || start->lsn < starts.back().start)) {
      return std::nullopt;
    }
    starts.push_back({start->epoch, start->lsn});
  }
  const absl::StatusOr<Epoch> highest = ToEpoch(epoch);
  if (!highest.ok()) return std::nullopt;
  return Metadata{*highest, EpochHistory(std::move(starts)), voted_for, std::move(in_sync), clean};
}

}  // namespace

absl::StatusOr<Metadata> LoadMetadata(FileSystem& fs, const std::string& folder) {
  const std::string path = PathIn(folder);
  const absl::StatusOr<std::string> text = ReadWholeFile(fs, path);
  if (absl::IsNotFound(text.status())) return Metadata{};
  REPL_RETURN_IF_ERROR(text.status());
  const std::optional<absl::string_view> body = CheckedBody(*text);
  if (!body) {
    return absl::DataLossError(absl::StrCat(
        path, ": corrupt (the checksum does not match its ", text->size(),
        " bytes): restore this node from another replica: delete its folder and restart it"));
  }
  std::optional<Metadata> metadata = Parse(*body);
  if (metadata) return *std::move(metadata);
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": intact, but not in the format of this version (\"", kTitle,
                   "\"): start the node with the version that wrote it"));
}

absl::Status SaveMetadata(FileSystem& fs, const std::string& folder, const Metadata& metadata) {
  std::string text = absl::StrCat(kTitle, "\nepoch ", metadata.epoch.value(), "\n");
  if (!metadata.voted_for.empty()) {
    absl::StrAppend(&text, "voted for ", metadata.voted_for.name(), "\n");
  }
  if (const PublishedSet& set = metadata.in_sync; !set.empty()) {
    absl::StrAppend(&text, "in sync ", set.epoch.value(), ":", set.version);
    for (const NodeId& member : set.members) absl::StrAppend(&text, " ", member.name());
    text += "\n";
    if (set.quorum > 0) absl::StrAppend(&text, "quorum ", set.quorum, "\n");
  }
  if (metadata.clean) absl::StrAppend(&text, kClean, "\n");
  for (const EpochStart& start : metadata.history.starts()) {
    absl::StrAppend(&text, "begins ", ToString(Position{start.epoch, start.start}), "\n");
  }
  text += ChecksumLine(text);
  return ReplaceFile(fs, PathIn(folder), text);
}

}  // namespace replsim
