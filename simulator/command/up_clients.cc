#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status.h"
#include "simulator/cluster/live/kv_client.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/interrupt.h"
#include "simulator/command/up_command.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/serve/page_client.h"

namespace replsim {
namespace {

namespace fs = std::filesystem;

// The run folder of a cluster that is up.
absl::StatusOr<std::string> FindUp(const UpPlace& place) {
  std::error_code error;
  if (!place.folder.empty()) {
    if (fs::exists(UrlPath(place.folder), error)) return place.folder;
    return absl::InvalidArgumentError(
        absl::StrCat("--run ", place.folder, ": no cluster is up there; replsim up starts one"));
  }
  std::string newest;
  fs::file_time_type when;
  for (const fs::directory_entry& scenario : fs::directory_iterator(place.out, error)) {
    const std::string folder = (scenario.path() / "latest").string();
    const fs::file_time_type written = fs::last_write_time(UrlPath(folder), error);
    if (error || (!newest.empty() && written <= when)) continue;
    newest = folder;
    when = written;
  }
  if (!newest.empty()) return newest;
  return absl::InvalidArgumentError(
      absl::StrCat("no cluster is up below ", place.out, "; replsim up starts one"));
}

absl::StatusOr<std::string> UrlOf(const UpPlace& place) {
  REPL_ASSIGN_OR_RETURN(const std::string folder, FindUp(place));
  REPL_ASSIGN_OR_RETURN(std::string url, ReadFileBytes(UrlPath(folder)));
  absl::StripAsciiWhitespace(&url);
  return url;
}

// Address and name of every node, and the token of the run.
absl::StatusOr<KvClient> ClientOf(const UpPlace& place) {
  REPL_ASSIGN_OR_RETURN(const std::string folder, FindUp(place));
  REPL_ASSIGN_OR_RETURN(std::string token, ReadFileBytes(folder + "/token"));
  absl::StripAsciiWhitespace(&token);
  std::vector<std::pair<std::string, std::string>> nodes;
  std::error_code error;
  for (const fs::directory_entry& node : fs::directory_iterator(folder + "/nodes", error)) {
    absl::StatusOr<std::string> address = ReadFileBytes((node.path() / "address").string());
    if (!address.ok()) continue;
    absl::StripAsciiWhitespace(&*address);
    nodes.emplace_back(node.path().filename().string(), *std::move(address));
  }
  return KvClient(std::move(nodes), std::move(token));
}

int Tell(const absl::Status& status) {
  return absl::IsInvalidArgument(status) ? UsageError(status) : Failure(status);
}

}  // namespace

int Ctl(const UpPlace& place, const std::vector<std::string>& words) {
  const absl::StatusOr<std::string> url = UrlOf(place);
  if (!url.ok()) return UsageError(url.status());
  const std::string said = absl::StrJoin(words, " ");
  const PageAnswer answer = PostToPage(*url, "/do", said);
  if (answer.status == 204) {
    std::printf("%s: done\n", said.c_str());
    return kExitHeld;
  }
  std::fprintf(stderr, "replsim: %s\n", answer.body.c_str());
  return answer.status == 400 ? kExitUsage : answer.status == 409 ? kExitNotHeld : kExitFailed;
}

int PutValue(const UpPlace& place, const std::string& key, const std::string& value) {
  absl::StatusOr<KvClient> client = ClientOf(place);
  if (!client.ok()) return UsageError(client.status());
  const absl::StatusOr<std::string> done = client->Put(key, value);
  if (!done.ok()) return Tell(done.status());
  std::printf("%s\n", done->c_str());
  return kExitHeld;
}

int GetValue(const UpPlace& place, const std::string& key, const std::string& node) {
  absl::StatusOr<KvClient> client = ClientOf(place);
  if (!client.ok()) return UsageError(client.status());
  const absl::StatusOr<std::string> value = client->Get(key, node);
  if (absl::IsNotFound(value.status())) {
    std::fprintf(stderr, "replsim: %s\n", std::string(value.status().message()).c_str());
    return kExitNotHeld;
  }
  if (!value.ok()) return Tell(value.status());
  std::printf("%s\n", value->c_str());
  return kExitHeld;
}

int ClusterStatus(const UpPlace& place, bool watch) {
  const InterruptGuard guard;
  const absl::StatusOr<std::string> url = UrlOf(place);
  if (!url.ok()) return UsageError(url.status());
  do {
    const PageAnswer answer = GetFromPage(*url, "/status");
    if (answer.status != 200) {
      std::fprintf(stderr, "replsim: %s does not answer\n", url->c_str());
      return kExitFailed;
    }
    std::printf("%s%s", answer.body.c_str(), watch ? "\n" : "");
    std::fflush(stdout);
    if (watch) WaitOrInterrupt(std::chrono::seconds(1));
  } while (watch && !InterruptGuard::Raised());
  return kExitHeld;
}

}  // namespace replsim
