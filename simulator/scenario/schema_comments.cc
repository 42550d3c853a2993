#include "simulator/scenario/schema_comments.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace replsim {
namespace {

// "  optional uint64 seed = 4;" → "seed"; empty if the line declares no field or value.
absl::string_view DeclaredName(absl::string_view line) {
  const size_t equals = line.find(" = ");
  if (equals == absl::string_view::npos || !absl::StrContains(line, ";")) return "";
  const absl::string_view before = absl::StripAsciiWhitespace(line.substr(0, equals));
  return before.substr(before.rfind(' ') == absl::string_view::npos ? 0 : before.rfind(' ') + 1);
}

// "message Closed {" → "Closed".
absl::string_view OpenedName(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, "message ") && !absl::ConsumePrefix(&line, "enum ")) return "";
  return line.substr(0, line.find(' '));
}

// "uint64 seed = 3;  // of all draws" → "of all draws".
std::string TrailingComment(absl::string_view line) {
  const size_t slashes = line.find("//");
  if (slashes == absl::string_view::npos) return "";
  return std::string(absl::StripAsciiWhitespace(line.substr(slashes + 2)));
}

}  // namespace

std::map<std::string, std::string> CommentsOf(absl::string_view proto_text, Trailing trailing) {
  std::map<std::string, std::string> comments;
  std::vector<std::string> scope;
  std::string pending;
  const auto keep = [&](absl::string_view name) {
    std::vector<std::string> path = scope;
    path.emplace_back(name);
    if (!pending.empty()) comments[absl::StrJoin(path, ".")] = pending;
    pending.clear();
  };
  for (absl::string_view line : absl::StrSplit(proto_text, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (absl::ConsumePrefix(&line, "//")) {
      absl::StrAppend(&pending, pending.empty() ? "" : " ", absl::StripAsciiWhitespace(line));
    } else if (!OpenedName(line).empty()) {
      keep(OpenedName(line));
      scope.emplace_back(OpenedName(line));
    } else if (absl::StartsWith(line, "}")) {
      if (!scope.empty()) scope.pop_back();
      pending.clear();
    } else if (!DeclaredName(line).empty() && !scope.empty()) {
      if (pending.empty() && trailing == Trailing::kRead) pending = TrailingComment(line);
      keep(DeclaredName(line));
    } else {
      pending.clear();
    }
  }
  return comments;
}

std::map<std::string, std::string> ScenarioComments() {
  std::map<std::string, std::string> comments = CommentsOf(kScenarioProto);
  comments.merge(CommentsOf(kWorkloadProto));
  comments.merge(CommentsOf(kKnobsProto));
  return comments;
}

}  // namespace replsim
