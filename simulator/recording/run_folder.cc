#include "simulator/recording/run_folder.h"

#include <google/protobuf/util/json_util.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/plausible_time.h"

namespace replsim {
namespace {

namespace fs = std::filesystem;

absl::Status CannotMake(const std::string& path, const std::error_code& error) {
  return absl::UnavailableError(absl::StrCat("cannot create ", path, ": ", error.message()));
}

// Creates the first of name, name-2, name-3 … that does not exist. Only the owner may enter it: it
// holds the nodes' logs and addresses.
absl::StatusOr<std::string> MakeNew(const std::string& wanted) {
  for (int i = 1;; ++i) {
    const std::string path = i == 1 ? wanted : absl::StrCat(wanted, "-", i);
    if (mkdir(path.c_str(), S_IRWXU) == 0) return path;
    if (errno != EEXIST) return CannotMake(path, {errno, std::system_category()});
  }
}

absl::Status PointLatestAt(const fs::path& run) {
  const fs::path latest = run.parent_path() / "latest";
  const fs::path fresh = run.parent_path() / absl::StrCat(".latest-", run.filename().string());
  std::error_code error;
  fs::remove(fresh, error);
  fs::create_directory_symlink(run.filename(), fresh, error);
  if (!error) fs::rename(fresh, latest, error);
  return error ? CannotMake(latest.string(), error) : absl::OkStatus();
}

std::string In(const std::string& folder, absl::string_view name) {
  return absl::StrCat(folder, "/", name);
}

}  // namespace

std::string FileSafeName(absl::string_view name) {
  std::string safe;
  for (const char c : name) {
    const bool kept = absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                      absl::string_view("._-=,").find(c) != absl::string_view::npos;
    safe += kept ? c : '-';
  }
  if (safe.empty()) return "default";
  if (safe[0] == '.') safe[0] = '-';
  return safe;
}

absl::StatusOr<std::string> CreateRunFolder(const std::string& out, absl::string_view scenario,
                                            absl::string_view time) {
  const std::string parent = In(out, FileSafeName(scenario));
  std::error_code error;
  fs::create_directories(parent, error);
  if (error) return CannotMake(parent, error);
  REPL_ASSIGN_OR_RETURN(const std::string run, MakeNew(In(parent, FileSafeName(time))));
  REPL_RETURN_IF_ERROR(PointLatestAt(run));
  return run;
}

absl::StatusOr<std::string> CreateVariantFolder(const std::string& run, absl::string_view variant,
                                                bool only) {
  std::string folder = run;
  if (!only) {
    REPL_ASSIGN_OR_RETURN(folder, MakeNew(In(run, FileSafeName(variant))));
  }
  for (const char* part : {"nodes", "final"}) {
    std::error_code error;
    fs::create_directories(In(folder, part), error);
    if (error) return CannotMake(In(folder, part), error);
  }
  return folder;
}

absl::StatusOr<std::string> CreateRepeatFolder(const std::string& run, absl::string_view variant,
                                               bool only, uint32_t repeat) {
  const std::string name = absl::StrCat("repeat-", repeat);
  return CreateVariantFolder(run, only ? name : absl::StrCat(variant, "-", name), false);
}

absl::StatusOr<std::vector<std::string>> ListRecordings(const std::string& run) {
  std::error_code error;
  if (fs::exists(ManifestPath(run), error)) return std::vector<std::string>{run};
  std::vector<std::tuple<uint32_t, int64_t, std::string>> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(run, error)) {
    const std::string folder = In(run, entry.path().filename().string());
    if (!fs::exists(ManifestPath(folder), error)) continue;
    REPL_ASSIGN_OR_RETURN(const proto::Manifest manifest, ReadManifest(folder));
    found.emplace_back(manifest.repeat(), manifest.load_begin_ns(), folder);
  }
  if (found.empty()) {
    return absl::NotFoundError(absl::StrCat(
        run, " contains no recording: there is no manifest.json in it or in a folder below it"));
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> folders;
  for (auto& [repeat, begin, folder] : found) folders.push_back(std::move(folder));
  return folders;
}

std::string ManifestPath(const std::string& folder) { return In(folder, "manifest.json"); }
std::string HistoryPath(const std::string& folder) { return In(folder, "history"); }
std::string ValuesPath(const std::string& folder) { return In(folder, "values"); }
std::string EventsPath(const std::string& folder) { return In(folder, "events.jsonl"); }
std::string ScenarioPath(const std::string& folder) { return In(folder, "scenario.yaml"); }
std::string NodeFolder(const std::string& folder, absl::string_view node) {
  return absl::StrCat(folder, "/nodes/", node);
}
std::string TracePath(const std::string& folder, absl::string_view node) {
  return In(NodeFolder(folder, node), "trace");
}
std::string EntriesPath(const std::string& folder, absl::string_view node) {
  return absl::StrCat(NodeFolder(folder, node), "/entries.bin");
}

std::string LogFolder(const std::string& folder, absl::string_view node) {
  return In(NodeFolder(folder, node), "log");
}
std::string LogArchiveFolder(const std::string& folder, absl::string_view node) {
  return absl::StrCat(folder, "/archive/", node);
}
std::string FinalStatePath(const std::string& folder, absl::string_view node) {
  return absl::StrCat(folder, "/final/", node, ".bin");
}
std::string ReportPath(const std::string& run) { return In(run, "report.json"); }
std::string LagCsvPath(const std::string& run) { return In(run, "lag.csv"); }
std::string ComparePagePath(const std::string& run) { return In(run, "compare.html"); }
std::string PagePath(const std::string& folder) { return In(folder, "report.html"); }

absl::Status SaveManifest(const std::string& folder, const proto::Manifest& manifest) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(manifest, &json, options).ok()) {
    return absl::InternalError(absl::StrCat(ManifestPath(folder), ": cannot be written as JSON"));
  }
  const std::string fresh = absl::StrCat(ManifestPath(folder), ".new");
  REPL_RETURN_IF_ERROR(WriteFileBytes(fresh, json));
  std::error_code error;
  fs::rename(fresh, ManifestPath(folder), error);
  return error ? CannotMake(ManifestPath(folder), error) : absl::OkStatus();
}

absl::StatusOr<proto::Manifest> ReadManifest(const std::string& folder) {
  const std::string path = ManifestPath(folder);
  REPL_ASSIGN_OR_RETURN(const std::string json, ReadFileBytes(path));
  proto::Manifest manifest;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &manifest);
  if (!parsed.ok()) {
    return absl::DataLossError(
        absl::StrCat(path, " is not a manifest: ", parsed.message().ToString()));
  }
  if (manifest.nodes().empty()) {
    return absl::DataLossError(absl::StrCat(path, ": `nodes` is empty; a run has at least one"));
  }
  for (const int64_t time_ns :
       {manifest.begin_ns(), manifest.load_begin_ns(), manifest.load_end_ns(), manifest.end_ns()}) {
    if (!IsPlausibleTime(time_ns)) {
      return absl::DataLossError(
          absl::StrCat(path, ": ", time_ns, " ns is no time of a run; the file is damaged"));
    }
  }
  return manifest;
}

}  // namespace replsim
