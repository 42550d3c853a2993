#include "simulator/command/old_runs.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "simulator/recording/run_folder.h"

namespace replsim {
namespace {

namespace fs = std::filesystem;

// The start time in a run folder's name: "2026-11-29_00-41-18". The third run of that second is
// "2026-11-29_00-41-18-3".
struct RunTime {
  std::string second;
  uint32_t number = 1;
};

constexpr absl::string_view kTimePattern = "dddd-dd-dd_dd-dd-dd";

bool ParseRunTime(absl::string_view name, RunTime* time) {
  if (name.size() < kTimePattern.size()) return false;
  for (size_t i = 0; i < kTimePattern.size(); ++i) {
    const bool fits = kTimePattern[i] == 'd'
                          ? absl::ascii_isdigit(static_cast<unsigned char>(name[i]))
                          : name[i] == kTimePattern[i];
    if (!fits) return false;
  }
  const absl::string_view rest = name.substr(kTimePattern.size());
  time->second = std::string(name.substr(0, kTimePattern.size()));
  return rest.empty() || (rest[0] == '-' && absl::SimpleAtoi(rest.substr(1), &time->number));
}

// Returns the folders directly below `path`, without links.
std::vector<std::string> FoldersIn(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    if (entry.symlink_status(error).type() != fs::file_type::directory) continue;
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<StoredRun> RunsOf(const std::string& out, const std::string& scenario) {
  const std::string folder = absl::StrCat(out, "/", scenario);
  std::vector<std::pair<RunTime, StoredRun>> found;
  for (const std::string& name : FoldersIn(folder)) {
    RunTime time;
    const std::string path = absl::StrCat(folder, "/", name);
    if (!ParseRunTime(name, &time) || !ListRecordings(path).ok()) continue;
    found.push_back({std::move(time), {scenario, path}});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first.second, a.first.number) > std::tie(b.first.second, b.first.number);
  });
  std::vector<StoredRun> runs;
  for (auto& [time, run] : found) runs.push_back(std::move(run));
  return runs;
}

}  // namespace

absl::StatusOr<std::vector<StoredRun>> ListRuns(const std::string& out) {
  std::error_code error;
  if (!fs::is_directory(out, error)) {
    return absl::InvalidArgumentError(
        absl::StrCat(out, " is not a folder; expected the folder of `replsim run --out`"));
  }
  std::vector<StoredRun> runs;
  for (const std::string& scenario : FoldersIn(out)) {
    for (StoredRun& run : RunsOf(out, scenario)) runs.push_back(std::move(run));
  }
  return runs;
}

uint64_t BytesIn(const std::string& folder) {
  uint64_t bytes = 0;
  std::error_code error;
  fs::recursive_directory_iterator it(folder, error);
  while (!error && it != fs::recursive_directory_iterator()) {
    std::error_code vanished;
    if (it->symlink_status(vanished).type() == fs::file_type::regular) {
      const uintmax_t size = it->file_size(vanished);
      if (!vanished) bytes += size;
    }
    it.increment(error);
  }
  return bytes;
}

absl::Status RemoveRun(const StoredRun& run) {
  const fs::path path = run.path;
  std::error_code error;
  fs::remove_all(path, error);  // does not follow links
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot remove ", run.path, ": ", error.message()));
  const fs::path latest = path.parent_path() / "latest";
  const fs::path target = fs::read_symlink(latest, error);
  if (!error && target == path.filename()) fs::remove(latest, error);
  return absl::OkStatus();
}

std::string BytesText(uint64_t bytes) {
  constexpr double kThousand = 1000;
  double value = static_cast<double>(bytes);
  if (value < kThousand) return absl::StrCat(bytes, " B");
  for (const char* unit : {"kB", "MB"}) {
    value /= kThousand;
    if (value < kThousand) return absl::StrFormat(value < 10 ? "%.1f %s" : "%.0f %s", value, unit);
  }
  return absl::StrFormat("%.1f GB", value / kThousand);
}

}  // namespace replsim
